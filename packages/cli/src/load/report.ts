import type { RecordableHistogram } from 'node:perf_hooks';
import type { LoadPlan, LoadResult } from './load-test.ts';

const BAR = 40;
/** Upper bounds of the rows of the histogram, in milliseconds. */
const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, Infinity];

/** Prints what a load test found. */
export function printReport(plan: LoadPlan, result: LoadResult, print: (line: string) => void): void {
  const { connected, published, received, missing, repeated, publishedMs, latency } = result;
  const rate = published / (publishedMs / 1_000);
  print(
    `${connected} connections of ${plan.users} users, ${published} events in ${seconds(publishedMs)} (${rate.toFixed(0)} /s)`,
  );
  print(`${received} received, ${missing} missing, ${repeated} repeated`);
  if (latency.count === 0) return;
  const at = (percentile: number): string => milliseconds(latency.percentile(percentile));
  print(`latency: p50 ${at(50)}, p90 ${at(90)}, p99 ${at(99)}, longest ${milliseconds(latency.max)}`);
  for (const line of histogramLines(latency)) print(line);
}

/** The histogram as rows with bars, from the first that has something in it to the last. */
export function histogramLines(latency: RecordableHistogram): readonly string[] {
  const counts = countsBelow(latency);
  const rows = BOUNDS_MS.map((bound, index) => {
    const lower = BOUNDS_MS[index - 1] ?? 0;
    const name = bound === Infinity ? `over ${lower} ms` : `${lower} to ${bound} ms`;
    return { name, count: (counts[index] ?? 0) - (counts[index - 1] ?? 0) };
  });
  const first = rows.findIndex(({ count }) => count > 0);
  const last = rows.findLastIndex(({ count }) => count > 0);
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return rows.slice(Math.max(0, first), last + 1).map(({ name, count }) => {
    const bar = '█'.repeat(Math.ceil((count / most) * BAR));
    return `  ${name.padStart(15)}  ${bar.padEnd(BAR)}  ${count}`;
  });
}

/** How many values lie at or below each bound. */
function countsBelow(latency: RecordableHistogram): readonly number[] {
  // Node tells percentiles with the values at them: the share at or below a bound is the last that does not pass it.
  const shares = [...latency.percentiles.entries()];
  return BOUNDS_MS.map((bound) => {
    if (bound === Infinity) return latency.count;
    const share = shares.findLast(([, value]) => value <= bound * 1_000)?.[0] ?? 0;
    return Math.round((share / 100) * latency.count);
  });
}

function milliseconds(microseconds: number): string {
  return `${(microseconds / 1_000).toFixed(1)} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
