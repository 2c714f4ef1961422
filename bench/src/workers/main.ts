// `pnpm bench workers`: the service with one process and with several on one port and one SQLite log, in turns.
import { availableParallelism } from 'node:os';
import { ServerProcess } from '../server/server-process.ts';
import { LoadProcess } from '../speed/load-process.ts';
import { median, pairedRatio } from '../speed/statistics.ts';
import { SECRET } from '../speed/target-process.ts';
import { textTable } from '../speed/text-table.ts';
import { readWorkersOptions, USAGE, type WorkersOptions } from './options.ts';

const USERS = 2_000;
const AT_ONCE = 64;

/** Measures and prints. Answers the exit code. */
export async function benchWorkers(args: readonly string[]): Promise<number> {
  const options = readWorkersOptions(args);
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const { workers, rounds } = options;
  const perSecond = new Map<number, number[]>(workers.map((count) => [count, []]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [count, figures] of perSecond) {
      process.stderr.write(`round ${round} of ${rounds}: ${named(count)}\n`);
      figures.push(await connectionsPerSecond(count, options));
    }
  }
  const [base = []] = perSecond.values();
  const rows = [...perSecond].map(([count, figures]) => [
    named(count),
    Math.round(median(figures)).toLocaleString('en'),
    pairedRatio(figures, base).toFixed(2),
  ]);
  console.log(textTable(['service on one SQLite log', 'connections/s', `× ${named(workers[0] ?? 1)}`], rows));
  console.log(`${availableParallelism()} cores, which the load generator shares`);
  return 0;
}

/** Connections opened with a JWT, answered and cut. */
export async function connectionsPerSecond(
  workers: number,
  { seconds }: Pick<WorkersOptions, 'seconds'>,
): Promise<number> {
  const server = await ServerProcess.start('sqlite', {
    env: {
      WS_DEVELOPMENT: 'off',
      NODE_ENV: 'production',
      WS_WORKERS: String(workers),
      WS_JWT_SECRET: SECRET,
      WS_API_KEY: 'a-key-of-the-benchmark-and-of-nothing-else',
    },
  });
  const load = new LoadProcess();
  try {
    const audience = {
      dialect: 'agent-events',
      port: Number(new URL(server.url).port),
      connections: USERS,
      users: USERS,
      firstUser: 0,
      secret: SECRET,
    } as const;
    const shake = (forSeconds: number) =>
      load.ask({ do: 'handshakes', audience, atOnce: AT_ONCE, seconds: forSeconds });
    await shake(1);
    const { count } = await shake(seconds);
    return count / seconds;
  } finally {
    await load.stop();
    await server.stop();
  }
}

function named(workers: number): string {
  return workers === 1 ? '1 worker' : `${workers} workers`;
}
