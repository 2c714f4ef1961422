import { foldRuns, type RunMap } from '@ws/client';
import type { NumberedEvent, StreamEvent } from '@ws/types';

/** A fold is kept every so many events, so that a jump folds no more than these. */
const EVERY = 250;

/** The runs of a stream as they were after any number of its events. */
export class ReplayStates {
  readonly #events: readonly NumberedEvent[];
  /** The state after `index * EVERY` events. */
  readonly #kept: RunMap[] = [new Map()];

  constructor(events: readonly NumberedEvent[]) {
    this.#events = events;
  }

  /** The runs after the first `count` events. */
  after(count: number): RunMap {
    const wanted = Math.floor(count / EVERY);
    while (this.#kept.length <= wanted) {
      const at = this.#kept.length - 1;
      this.#kept.push(this.#fold(this.#kept[at] ?? new Map(), at * EVERY, (at + 1) * EVERY));
    }
    return this.#fold(this.#kept[wanted] ?? new Map(), wanted * EVERY, count);
  }

  #fold(runs: RunMap, from: number, to: number): RunMap {
    return this.#events.slice(from, to).reduce(
      // The server checked each payload against the schema of its type before it took the event.
      (folded, event) => foldRuns(folded, { kind: 'event', event: event as unknown as StreamEvent, replay: true }),
      runs,
    );
  }
}
