import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { monotonicMicros } from '../monotonic.ts';

/** Microseconds, by share of the events. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** What the connections of a load generator have received. */
export class Tally {
  events = 0;
  frames = 0;
  /** Events whose number was had before. */
  repeated = 0;
  /** Events whose number was passed over. */
  missed = 0;
  /** Whether deltas carry the time they were emitted. */
  stamped = false;
  ready = 0;
  lost = 0;
  refused = 0;
  readonly #latency = createHistogram();

  latency(emittedAt: number): void {
    record(this.#latency, monotonicMicros() - emittedAt);
  }

  /** The latencies since the last call. */
  takeLatency(): Percentiles {
    return takePercentiles(this.#latency);
  }
}

export function record(histogram: RecordableHistogram, micros: number): void {
  histogram.record(Math.max(1, Math.round(micros)));
}

/** What was recorded since the last call. */
export function takePercentiles(histogram: RecordableHistogram): Percentiles {
  const { count } = histogram;
  const at = (share: number): number => (count === 0 ? 0 : histogram.percentile(share));
  const percentiles = {
    count,
    p50: at(50),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    max: count === 0 ? 0 : histogram.max,
  };
  histogram.reset();
  return percentiles;
}
