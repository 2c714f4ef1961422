import type { Latencies, LatencyRow } from './latencies.ts';
import type { LoadPlan, LoadResult } from './load-test.ts';

const BAR = 40;

/** Prints what a load test found. */
export function printReport(plan: LoadPlan, result: LoadResult, print: (line: string) => void): void {
  const { connected, published, received, missing, repeated, publishedMs, latencies } = result;
  const seconds = publishedMs / 1_000;
  print(
    `${connected} connections of ${plan.users} users, ${published} events in ${seconds.toFixed(1)} s (${(published / seconds).toFixed(0)} /s)`,
  );
  print(`${received} received, ${missing} missing, ${repeated} repeated`);
  if (latencies.count === 0) return;
  print(latencyLine(latencies));
  for (const line of histogramLines(latencies.rows())) print(line);
}

function latencyLine(latencies: Latencies): string {
  const at = (share: number): string => `${latencies.percentile(share).toFixed(1)} ms`;
  return `latency: p50 ${at(50)}, p90 ${at(90)}, p99 ${at(99)}, longest ${at(100)}`;
}

/** The rows with bars. */
export function histogramLines(rows: readonly LatencyRow[]): readonly string[] {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return rows.map(({ from, to, count }) => {
    const name = to === Infinity ? `over ${from} ms` : `${from} to ${to} ms`;
    const bar = '█'.repeat(Math.ceil((count / most) * BAR));
    return `  ${name.padStart(15)}  ${bar.padEnd(BAR)}  ${count}`;
  });
}
