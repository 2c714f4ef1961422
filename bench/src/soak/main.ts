// `pnpm soak`: the real server under users who come, go, stall and lose their network, for minutes, with every frame checked.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServerProcess } from '../server/server-process.ts';
import { readOptions, USAGE, type SoakOptions } from './options.ts';
import { soak, type SoakResult } from './soak.ts';

const REPORT = fileURLToPath(new URL('../../../test-results/soak.json', import.meta.url));
/** Short, so that half-open sockets are found while the test lasts. */
const SERVER_SETTINGS = { WS_HEARTBEAT_MS: '5000' };
const GRACE_MINUTES = 8;

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  const server = await ServerProcess.start(options.log, { env: SERVER_SETTINGS });
  const stop = (why: string): void => {
    console.error(why);
    void server.stop().then(() => process.exit(1));
  };
  process.once('SIGINT', () => stop('interrupted'));
  process.once('SIGTERM', () => stop('terminated'));
  const limit = options.minutes + GRACE_MINUTES;
  setTimeout(() => stop(`not done within ${limit} minutes`), limit * 60_000).unref();
  try {
    const result = await soak(server, options);
    report(options, result);
    return result.verdict.failures.length === 0 ? 0 : 1;
  } finally {
    if (server.stderr !== '') console.error(`the server wrote:\n${server.stderr}`);
    await server.stop();
  }
}

function report(options: SoakOptions, { marks, samples, tally, verdict }: SoakResult): void {
  const machine = { node: process.version, platform: process.platform, cores: availableParallelism() };
  mkdirSync(dirname(REPORT), { recursive: true });
  const at = new Date().toISOString();
  writeFileSync(REPORT, `${JSON.stringify({ at, machine, options, verdict, marks, tally, samples }, null, 2)}\n`);

  console.log(`\nmemory of the server after collecting garbage:`);
  for (const [name, { at: second, heapMb, heapTakenMb, externalMb, rssMb, connections }] of Object.entries(marks) as [
    string,
    SoakResult['marks']['end'],
  ][]) {
    console.log(
      `  ${name.padEnd(8)} ${String(second).padStart(5)} s  heap ${heapMb} MB (taken ${heapTakenMb}, external ${externalMb})  rss ${rssMb} MB  sockets ${connections}`,
    );
  }
  const { heapGrowthMb, rssGrowthMb, logGrowthMb, heapSlopeMbPerMinute, rssSlopeMbPerMinute, failures } = verdict;
  console.log(`  slope over the second half: heap ${heapSlopeMbPerMinute} MB/min, rss ${rssSlopeMbPerMinute} MB/min`);
  if (logGrowthMb > 0) console.log(`  of which the memory log gained about ${logGrowthMb} MB by design`);
  console.log(
    `  growth until all had left: heap ${heapGrowthMb} MB since the plateau, rss ${rssGrowthMb} MB since the middle`,
  );
  console.log(JSON.stringify(tally, null, 2));
  console.log(failures.length === 0 ? 'soak passed' : `soak FAILED: ${failures.join('; ')}`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
