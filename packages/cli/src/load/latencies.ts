import { createHistogram } from 'node:perf_hooks';

/** Upper bounds of the rows, in milliseconds. */
const BOUNDS_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, Infinity];

export interface LatencyRow {
  /** From here, in milliseconds. */
  readonly from: number;
  /** Up to and including here. */
  readonly to: number;
  readonly count: number;
}

/** Latencies: their percentiles, and how many lie between which bounds. */
export class Latencies {
  // Counts in microseconds.
  readonly #histogram = createHistogram({ figures: 3 });
  readonly #counts = BOUNDS_MS.map(() => 0);

  record(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * 1_000)));
    const row = BOUNDS_MS.findIndex((bound) => ms <= bound);
    this.#counts[row] = (this.#counts[row] ?? 0) + 1;
  }

  get count(): number {
    return this.#histogram.count;
  }

  /** In milliseconds; of 100 the longest. */
  percentile(share: number): number {
    return (share === 100 ? this.#histogram.max : this.#histogram.percentile(share)) / 1_000;
  }

  /** From the first row that has something in it to the last. */
  rows(): readonly LatencyRow[] {
    const rows = BOUNDS_MS.map((to, index) => ({
      from: BOUNDS_MS[index - 1] ?? 0,
      to,
      count: this.#counts[index] ?? 0,
    }));
    const first = rows.findIndex(({ count }) => count > 0);
    return first < 0 ? [] : rows.slice(first, rows.findLastIndex(({ count }) => count > 0) + 1);
  }
}
