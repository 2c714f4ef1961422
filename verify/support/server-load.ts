import { publish, tokenFor } from './http.ts';
import { makeTempFolder } from './places.ts';
import { Server } from './server.ts';
import { Wire } from './wire.ts';

const USERS = 50;
const RUNS = 40;
const DELTAS = 26;

/** What a server did under a fixed load. */
export interface LoadFigures {
  readonly events: number;
  /** Time of the processor that the server took, in microseconds for each event that reached its user. */
  readonly microsecondsPerEvent: number;
}

/** A run that is mostly text, as agents write. */
function longRun(run_id: string): readonly object[] {
  const deltas = Array.from({ length: DELTAS }, (_, n) => ({
    type: 'agent_response_chunk',
    run_id,
    payload: { delta: `word ${n} of what the agent has to say in this run, ` },
  }));
  return [
    { type: 'agent_started', run_id, payload: { agent_name: 'analyst' } },
    ...deltas,
    { type: 'agent_completed', run_id, payload: { status: 'completed', duration_ms: 9 } },
  ];
}

/**
 * Puts a built server under a load that is the same for every version: users at once, each with a connection, and runs over HTTP
 * one after the other. The log is in memory and deltas are not joined, so that it is the server that is measured.
 */
export async function loadServer(main: string): Promise<LoadFigures> {
  using folder = makeTempFolder();
  const env = { WS_LOG_URL: 'memory:', WS_COALESCE_MS: '0' };
  await using server = await Server.start({ folder: folder.path, main, env });
  const { url } = server;
  const users = await Promise.all(
    Array.from({ length: USERS }, async (_, n) => {
      const user = `user-${n}`;
      return { user, wire: await Wire.open(url, { token: await tokenFor(url, user) }) };
    }),
  );
  const work = (name: string, runs: number): Promise<unknown> =>
    Promise.all(
      users.map(async ({ user, wire }) => {
        for (let run = 0; run < runs; run += 1) {
          const events = longRun(`${name}-${run}`);
          const until = wire.eventCount + events.length;
          const { status, code } = await publish(url, user, events);
          if (status !== 200) throw new Error(`a run of ${user} was refused: ${status} ${code}`);
          await wire.until(() => wire.eventCount >= until, `the events of ${user}`);
        }
      }),
    );
  const spent = (): Promise<number> => server.metric('process_cpu_seconds_total');
  // Until the engine has compiled what is hot.
  await work('warm-up', RUNS / 4);
  const before = await spent();
  await work('run', RUNS);
  const seconds = (await spent()) - before;
  for (const { wire } of users) wire.close();
  const events = USERS * RUNS * (DELTAS + 2);
  return { events, microsecondsPerEvent: (seconds * 1_000_000) / events };
}
