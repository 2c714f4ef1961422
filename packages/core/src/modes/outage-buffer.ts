/** How much may wait for the log to come back, over all streams of a hub. */
export interface SpillLimits {
  readonly maxEvents: number;
  /** Characters of payload JSON. */
  readonly maxChars: number;
}

/** The bound of the waiting room. The events themselves wait in the append queues of their streams. */
export class OutageBuffer {
  readonly #limits: SpillLimits;
  #events = 0;
  #chars = 0;

  constructor(limits: SpillLimits) {
    this.#limits = limits;
  }

  get events(): number {
    return this.#events;
  }

  /** Takes room for a batch; false if there is none left. */
  take(events: number, chars: number): boolean {
    const fits = this.#events + events <= this.#limits.maxEvents && this.#chars + chars <= this.#limits.maxChars;
    if (fits) this.force(events, chars);
    return fits;
  }

  /** Takes room for a batch that can't be turned away, whether there is any or not. */
  force(events: number, chars: number): void {
    this.#events += events;
    this.#chars += chars;
  }

  /** Gives the room of a batch back. */
  give(events: number, chars: number): void {
    this.#events -= events;
    this.#chars -= chars;
  }
}
