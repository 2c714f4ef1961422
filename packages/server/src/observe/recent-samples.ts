import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Hub } from '@ws/core';

/** What the service was like at one moment. Counters are since the start. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly connections: number;
  readonly users: number;
  readonly openRuns: number;
  readonly maxBehind: number;
  readonly bufferedBytes: number;
  readonly heldEvents: number;
  readonly appended: number;
  readonly delivered: number;
  readonly refused: number;
  readonly lagged: number;
  /** Of the time since the sample before, in milliseconds. */
  readonly eventLoopLagMs: number;
  readonly heapUsedBytes: number;
  readonly rssBytes: number;
}

const INTERVAL_MS = 5_000;
/** A quarter of an hour. */
const KEPT = 180;
const RESOLUTION_MS = 10;

/** The last quarter of an hour, so that an operator who comes to look sees what led to what is. */
export class RecentSamples implements Disposable {
  readonly #hub: Hub;
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #timer: NodeJS.Timeout;
  #samples: Sample[] = [];

  constructor(hub: Hub) {
    this.#hub = hub;
    this.#delay.enable();
    this.#timer = setInterval(() => this.#keep(), INTERVAL_MS);
    this.#timer.unref();
  }

  /** Oldest first; the newest is of this moment. */
  list(): readonly Sample[] {
    return [...this.#samples, this.#take()];
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#delay.disable();
  }

  #keep(): void {
    this.#samples.push(this.#take());
    this.#delay.reset();
    if (this.#samples.length > KEPT) this.#samples = this.#samples.slice(-KEPT);
  }

  #take(): Sample {
    const { appended, delivered, refused, lagged, connections } = this.#hub.stats();
    const { users, openRuns, maxBehind, bufferedBytes, heldEvents } = this.#hub.inspect({ limit: 0 }).totals;
    const { heapUsed, rss } = process.memoryUsage();
    return {
      at: Date.now(),
      ...{ connections, users, openRuns, maxBehind, bufferedBytes, heldEvents },
      ...{ appended, delivered, refused, lagged },
      eventLoopLagMs: this.#eventLoopLagMs(),
      heapUsedBytes: heapUsed,
      rssBytes: rss,
    };
  }

  /** The timer of the monitor itself is no lag. */
  #eventLoopLagMs(): number {
    const p99 = this.#delay.percentile(99) / 1e6;
    return Number.isFinite(p99) ? Math.max(0, Math.round((p99 - RESOLUTION_MS) * 10) / 10) : 0;
  }
}
