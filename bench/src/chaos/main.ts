// `pnpm chaos`: a cluster in which servers are killed and drained, Redis is killed and frozen, and connections are cut, for minutes;
// at the end every client has to hold what was accepted, in order, once.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../cluster/local-cluster.ts';
import { DEMO } from '../server/server-process.ts';
import { chaos, SERVER_SETTINGS, type ChaosResult } from './chaos.ts';
import { outage, type OutageKind, type OutageResult } from './outage.ts';
import { readOptions, USAGE, type ChaosOptions } from './options.ts';

const REPORT = fileURLToPath(new URL('../../../test-results/chaos.json', import.meta.url));
const GRACE_MINUTES = 12;
const OUTAGES: readonly OutageKind[] = ['killed', 'frozen', 'lost its data'];
const OUTAGE_USERS = 20;
const MAX_PRINTED = 20;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const cluster = await LocalCluster.start({
    nodes: options.nodes,
    // Redis acknowledges what it has synced: whatever becomes of it, nothing that was accepted may be gone.
    fsync: 'always',
    // Users ask the demo agent.
    program: DEMO,
    env: SERVER_SETTINGS,
    onStderr: (node, text) => process.stderr.write(`node ${node}: ${text}`),
  });
  const stop = (why: string): void => {
    console.error(why);
    void cluster.stop().then(() => process.exit(1));
  };
  process.once('SIGINT', () => stop('interrupted'));
  process.once('SIGTERM', () => stop('terminated'));
  const limit = options.minutes + GRACE_MINUTES;
  setTimeout(() => stop(`not done within ${limit} minutes`), limit * 60_000).unref();
  try {
    console.log(`${options.nodes} servers at ${cluster.url}, ${options.clients} clients, seed ${options.seed}`);
    const startedAt = performance.now();
    const tell = (line: string): void => {
      console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
    };
    const faults = options.minutes > 0 ? await chaos(cluster, options, tell) : undefined;
    const outages: Partial<Record<OutageKind, OutageResult>> = {};
    for (const kind of options.outageSeconds > 0 ? OUTAGES : []) {
      tell(`Redis is ${kind === 'lost its data' ? 'killed and loses its data' : kind} for ${options.outageSeconds} s`);
      outages[kind] = await outage(cluster, { kind, awayMs: options.outageSeconds * 1_000, users: OUTAGE_USERS });
    }
    return report(options, { faults, outages });
  } finally {
    await cluster.stop();
  }
}

interface Results {
  readonly faults: ChaosResult | undefined;
  readonly outages: Partial<Record<OutageKind, OutageResult>>;
}

/** Writes and prints what came of it. Answers the exit code. */
function report(options: ChaosOptions, { faults, outages }: Results): number {
  const machine = { node: process.version, platform: process.platform, cores: availableParallelism() };
  mkdirSync(dirname(REPORT), { recursive: true });
  const at = new Date().toISOString();
  writeFileSync(REPORT, `${JSON.stringify({ at, machine, options, faults, outages }, null, 2)}\n`);
  let count = 0;
  for (const [name, result] of Object.entries({ ...(faults === undefined ? {} : { faults }), ...outages })) {
    const { violations, ...figures } = result;
    console.log(`${name}: ${JSON.stringify(figures, null, 2)}`);
    for (const violation of violations.slice(0, MAX_PRINTED)) console.log(`  ${violation}`);
    count += violations.length;
  }
  console.log(count === 0 ? 'chaos passed' : `chaos FAILED: ${count} violations`);
  return count === 0 ? 0 : 1;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
