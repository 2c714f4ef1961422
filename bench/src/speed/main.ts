// `pnpm bench`: this server beside others, all in one run on one machine, in turns.
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchEngines } from '../engines/main.ts';
import { benchWorkers } from '../workers/main.ts';
import { bunProgram } from './bun-program.ts';
import { chart } from './chart.ts';
import { readOptions, usage, type SpeedOptions } from './options.ts';
import { redisProgram } from '../server/redis-process.ts';
import { runRounds, type WorkloadResult } from './rounds.ts';
import { summarise, type Summary } from './summary.ts';
import { table } from './table.ts';
import { targetOf, type TargetName } from './targets.ts';
import * as all from './workloads/index.ts';

const RESULTS = fileURLToPath(new URL('../../results', import.meta.url));
const WORKLOADS = [
  all.FANOUT,
  all.FANOUT_16,
  all.STREAMS,
  all.STREAMS_16,
  all.STREAMS_16_JOINED,
  all.STREAMS_FILTERED,
  all.STREAMS_16_HOLES,
  all.PACED,
  all.IDLE,
  all.CONNECT,
  all.PUBLISH,
  all.RESUME,
  all.SLOW,
  all.JITTER,
  all.DEPLOY,
];

async function main(): Promise<number> {
  if (process.argv[2] === 'engines') return benchEngines(process.argv.slice(3));
  if (process.argv[2] === 'workers') return benchWorkers(process.argv.slice(3));
  const asked = readOptions(process.argv.slice(2), WORKLOADS);
  if (asked === undefined) {
    console.log(usage(WORKLOADS));
    return 0;
  }
  const options = { ...asked, targets: asked.targets.filter(isAvailable) };
  const startedAt = performance.now();
  mkdirSync(RESULTS, { recursive: true });
  const summaries: Summary[] = [];
  for (const workload of options.workloads) {
    const result = await runRounds(workload, options, (text) => showProgress(text, startedAt));
    showProgress('', startedAt);
    const summary = summarise(result);
    summaries.push(summary);
    console.log(`${table(summary)}\n`);
    keep(summary, result, options);
  }
  const markdown = summaries.map((summary) => `## ${table(summary)}\n`).join('\n');
  writeFileSync(resolve(RESULTS, 'results.md'), `${markdown}\n${JSON.stringify(machine())}\n`);
  console.log(`${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes; tables, JSON and charts: ${RESULTS}`);
  return summaries.some(({ failures }) => failures.length > 0) ? 1 : 0;
}

function isAvailable(name: TargetName): boolean {
  const { runtime, needs, title } = targetOf(name);
  const missing =
    runtime === 'bun' && bunProgram() === undefined
      ? 'Bun is not installed for this platform'
      : needs === 'redis' && redisProgram() === undefined
        ? 'redis-server is missing: install it or set REDIS_SERVER_PATH'
        : undefined;
  if (missing !== undefined) console.warn(`${title} is left out: ${missing}`);
  return missing === undefined;
}

function keep(summary: Summary, { rounds }: WorkloadResult, { rounds: count, seconds, scale }: SpeedOptions): void {
  const json = {
    at: new Date().toISOString(),
    machine: machine(),
    options: { rounds: count, seconds, scale },
    summary,
    rounds: Object.fromEntries(rounds),
  };
  writeFileSync(resolve(RESULTS, `${summary.workload}.json`), `${JSON.stringify(json, null, 2)}\n`);
  const svg = chart(summary);
  if (svg !== undefined) writeFileSync(resolve(RESULTS, `${summary.workload}.svg`), svg);
}

function machine(): object {
  const { node, v8 } = process.versions;
  const [cpu] = cpus();
  return { node, v8, platform: process.platform, kernel: release(), cpu: cpu?.model, cores: availableParallelism() };
}

/** One line that is written over on a terminal, and a line each elsewhere. */
function showProgress(text: string, startedAt: number): void {
  const line = text === '' ? '' : `${Math.round((performance.now() - startedAt) / 1_000)} s  ${text}`;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
  else if (line !== '') process.stderr.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
