import { Registry } from '@prometheus-io/client';
import type { MetricsSnapshot } from '@ws/server';

/** A process whose metrics count. */
export interface MeasuredWorker {
  /** Its metrics now, or `undefined` where it does not answer. */
  metrics(): Promise<MetricsSnapshot | undefined>;
}

/**
 * The metrics of several processes as one. The client of Prometheus can gather them by itself, but then what a crashed worker has
 * counted is gone, a sum goes down, and Prometheus takes that for a restart and the rest for new; and one worker that hangs leaves the
 * whole page without an answer. So only the adding up is the client's: each metric says how (`aggregator`).
 */
export class PoolMetrics {
  /** What each worker said last: one that is silent for once counts with that. */
  readonly #latest = new Map<MeasuredWorker, MetricsSnapshot>();
  /** What workers that are gone have counted. */
  #gone: readonly object[] = [];

  join(worker: MeasuredWorker): void {
    this.#latest.set(worker, []);
  }

  leave(worker: MeasuredWorker): void {
    const latest = this.#latest.get(worker);
    if (latest === undefined) return;
    this.#latest.delete(worker);
    // What it held is no more, what it counted has happened.
    const counted = latest.filter(({ type }) => type !== 'gauge');
    this.#gone = Registry.aggregate([this.#gone, counted]).getMetricsAsArray();
  }

  /** Asks every worker, and adds up what they say. */
  async page(): Promise<string> {
    await Promise.all(
      [...this.#latest.keys()].map(async (worker) => {
        const metrics = await worker.metrics();
        // It may have left in between.
        if (metrics !== undefined && this.#latest.has(worker)) this.#latest.set(worker, metrics);
      }),
    );
    return Registry.aggregate([...this.#latest.values(), this.#gone]).metrics();
  }
}
