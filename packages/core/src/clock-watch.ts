import type { Clock } from './clock.ts';

/** The wall clock went another way than time: it was set, or the machine was suspended. */
export interface ClockStep {
  /** How far the wall clock moved beyond the time that passed, in milliseconds; negative where it was set back. */
  readonly ms: number;
}

/** A smaller difference between two looks is the everyday correction of a clock. */
const STEP_MS = 1_000;
/** Both clocks are read again where the process stood still between the two readings. */
const READING_MS = 100;
/** Earlier settings of the clock that are remembered one by one. */
const MAX_FORMER = 1_000;

interface Former {
  /** Wall clock less monotonic clock. */
  readonly offset: number;
  /** When it ended, on the monotonic clock. */
  readonly until: number;
}

/**
 * Compares the wall clock with the monotonic clock, and notices when the wall clock was set or the machine was suspended. Elapsed
 * time is measured with the monotonic clock and needs none of this. What is written down as a moment (an expiry, a lease, the
 * time of an event) is looked at again after a step.
 */
export class ClockWatch {
  readonly #clock: Clock;
  readonly #onStep: (step: ClockStep) => void;
  /** How the wall clock was set before, oldest first, each lower than the next: the others change nothing. */
  #former: Former[] = [];
  #offset: number;
  #steps = 0;

  constructor(clock: Clock, onStep: (step: ClockStep) => void) {
    this.#clock = clock;
    this.#onStep = onStep;
    this.#offset = this.#read().offset;
  }

  /** Steps noticed so far. */
  get steps(): number {
    return this.#steps;
  }

  /** Compares the clocks now. To be called regularly, and before a decision that can't be taken back. */
  look(): void {
    const { offset, at } = this.#read();
    const ms = offset - this.#offset;
    const before = this.#offset;
    this.#offset = offset;
    if (Math.abs(ms) < STEP_MS) return;
    this.#steps += 1;
    this.#remember({ offset: before, until: at });
    this.#onStep({ ms: Math.round(ms) });
  }

  /**
   * The time by which nothing that was stamped here in the last `withinMs` milliseconds looks older than it is: what the wall clock
   * would read if it had not been set forward since.
   */
  cautiousNow(withinMs: number): number {
    this.look();
    const since = this.#clock.monotonic() - withinMs;
    const lowest = this.#former.find(({ until }) => until >= since)?.offset ?? this.#offset;
    return this.#clock.now() - Math.max(0, this.#offset - lowest);
  }

  #remember(former: Former): void {
    while ((this.#former.at(-1)?.offset ?? -Infinity) >= former.offset) this.#former.pop();
    this.#former.push(former);
    // Of the two oldest the lower one is kept for as long as the later one: caution, where memory ends.
    const [oldest, second] = this.#former;
    if (this.#former.length > MAX_FORMER && oldest !== undefined && second !== undefined) {
      this.#former.splice(0, 2, { offset: oldest.offset, until: second.until });
    }
  }

  #read(): { readonly offset: number; readonly at: number } {
    for (;;) {
      const before = this.#clock.monotonic();
      const offset = this.#clock.now() - before;
      const at = this.#clock.monotonic();
      if (at - before < READING_MS) return { offset, at };
    }
  }
}
