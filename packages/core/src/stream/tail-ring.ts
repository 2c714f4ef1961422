import type { Offset } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';

/** Bounds of a ring: whichever is reached first. */
export interface TailRingLimits {
  readonly maxEvents: number;
  /** Characters of encoded events. */
  readonly maxChars: number;
}

/**
 * The newest events of a stream, encoded once and shared by all its cursors. A cursor that stands before the ring reads the
 * log instead; one inside it needs no I/O.
 */
export class TailRing {
  readonly #limits: TailRingLimits;
  #events: LogEvent[] = [];
  /** Index of the oldest event still in the ring: those before it are cut off in bulk. */
  #start = 0;
  #chars = 0;
  /** Offset just before the oldest event: a cursor standing here or later is served from the ring. */
  #base: Offset;

  constructor(head: Offset, limits: TailRingLimits) {
    this.#base = head;
    this.#limits = limits;
  }

  push(event: LogEvent): void {
    this.#events.push(event);
    this.#chars += event.data.length;
    while (this.size > this.#limits.maxEvents || (this.#chars > this.#limits.maxChars && this.size > 1)) this.#drop();
    // Cut off when most of the array is gone: cheap on average, and what was dropped does not stay in memory.
    if (this.#start > this.size) this.#compact();
  }

  /** Forgets everything; the stream's head is `head` now. */
  clear(head: Offset): void {
    this.#events = [];
    this.#start = 0;
    this.#chars = 0;
    this.#base = head;
  }

  get size(): number {
    return this.#events.length - this.#start;
  }

  /** At most `limit` events after `offset`, or `undefined` if the ring no longer reaches back that far. */
  after(offset: Offset, limit: number): readonly LogEvent[] | undefined {
    if (offset < this.#base) return undefined;
    const from = this.#indexAfter(offset);
    return this.#events.slice(from, from + limit);
  }

  /** Index of the first event whose offset is greater. */
  #indexAfter(offset: Offset): number {
    // Where the numbers have no holes, as nearly always, the place can be told.
    const likely = this.#start + (offset - this.#base);
    if (this.#events[likely]?.offset === offset + 1) return likely;
    // Offsets rise: it is found by halving.
    let low = this.#start;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = this.#events[middle];
      if (at !== undefined && at.offset <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #drop(): void {
    const dropped = this.#events[this.#start];
    this.#start += 1;
    if (dropped === undefined) return;
    this.#base = dropped.offset;
    this.#chars -= dropped.data.length;
  }

  #compact(): void {
    this.#events = this.#events.slice(this.#start);
    this.#start = 0;
  }
}
