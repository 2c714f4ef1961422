// `pnpm chaos`: a cluster in which servers are killed and drained, Redis is killed and frozen, and connections are cut, for minutes;
// at the end every client has to hold what was accepted, in order, once.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalCluster } from '../cluster/local-cluster.ts';
import { chaos, SERVER_SETTINGS, type ChaosResult } from './chaos.ts';
import { readOptions, USAGE, type ChaosOptions } from './options.ts';

const REPORT = fileURLToPath(new URL('../../../test-results/chaos.json', import.meta.url));
const GRACE_MINUTES = 8;

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
    const result = await chaos(cluster, options, (line) => {
      console.log(`${((performance.now() - startedAt) / 1_000).toFixed(1).padStart(6)} s  ${line}`);
    });
    report(options, result);
    return result.violations.length === 0 ? 0 : 1;
  } finally {
    await cluster.stop();
  }
}

function report(options: ChaosOptions, result: ChaosResult): void {
  const machine = { node: process.version, platform: process.platform, cores: availableParallelism() };
  mkdirSync(dirname(REPORT), { recursive: true });
  const at = new Date().toISOString();
  writeFileSync(REPORT, `${JSON.stringify({ at, machine, options, result }, null, 2)}\n`);
  const { violations, ...figures } = result;
  console.log(JSON.stringify(figures, null, 2));
  for (const violation of violations.slice(0, 20)) console.log(`  ${violation}`);
  console.log(violations.length === 0 ? 'chaos passed' : `chaos FAILED: ${violations.length} violations`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
