import type { TimingName, TimingSink } from '@ws/core/observe';
import { Histogram, type Registry } from '@prometheus-io/client';

/** In seconds: from a write to memory to a replica at the other end of a continent. */
const SHORT = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** In seconds: what takes as long as a peer lets it. */
const LONG = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const HISTOGRAMS = {
  append: ['ws_append_duration_seconds', 'From the write to the log to its answer', SHORT],
  open: ['ws_open_duration_seconds', 'From hello to connection_ready', SHORT],
  delivery: [
    'ws_delivery_duration_seconds',
    'From the timestamp of an event to the write to sockets here; the coalescing window of text is part of it',
    SHORT,
  ],
  confirm: ['ws_confirm_duration_seconds', 'From an emit that asks for confirmation to the acknowledgement', LONG],
  catch_up: ['ws_catch_up_duration_seconds', 'From connection_ready or from turning lagging to the head', LONG],
} as const satisfies { readonly [Name in TimingName]: readonly [string, string, readonly number[]] };

/** Makes the histograms of what a hub measures, and the sink that fills them. */
export function createTimingSink(registry: Registry): TimingSink {
  const durations = (timing: TimingName): Durations => new Durations(HISTOGRAMS[timing], registry);
  const all: { readonly [Name in TimingName]: Durations } = {
    append: durations('append'),
    open: durations('open'),
    delivery: durations('delivery'),
    confirm: durations('confirm'),
    catch_up: durations('catch_up'),
  };
  return (name, durationMs) => all[name].add(durationMs);
}

/** Durations on their way into a histogram. */
const BATCH = 512;

/** A histogram that is handed its durations many at a time: between two writes to sockets its code would be cold each time. */
class Durations {
  readonly #histogram: Histogram;
  readonly #waiting = new Float64Array(BATCH);
  #count = 0;

  constructor([name, help, buckets]: (typeof HISTOGRAMS)[TimingName], registry: Registry) {
    const collect = (): void => this.#handOver();
    this.#histogram = new Histogram({ name, help, buckets: [...buckets], registers: [registry], collect });
  }

  add(durationMs: number): void {
    this.#waiting[this.#count] = durationMs;
    this.#count += 1;
    if (this.#count === BATCH) this.#handOver();
  }

  #handOver(): void {
    for (const durationMs of this.#waiting.subarray(0, this.#count)) this.#histogram.observe(durationMs / 1_000);
    this.#count = 0;
  }
}
