import type { Clock } from '@ws/core/log';

/** Time for them in a turn of the event loop, in milliseconds; one of them has its turn in any case. */
const TURN_MS = 2;

/**
 * Starts tasks that arrived together over several turns of the event loop. A thousand clients that reconnect at the same moment are read in
 * one turn. A tenth of a millisecond for the check of each credential would stop all deliveries for a tenth of a second.
 */
export class AFewInATurn {
  readonly #clock: Pick<Clock, 'monotonic' | 'soon'>;
  #waiting: (() => void)[] = [];

  constructor(clock: Pick<Clock, 'monotonic' | 'soon'>) {
    this.#clock = clock;
  }

  /** Calls `begin` in its turn: in the order of the calls, and within this turn where few have come. */
  add(begin: () => void): void {
    this.#waiting.push(begin);
    if (this.#waiting.length === 1) this.#clock.soon(() => this.#turn());
  }

  #turn(): void {
    const waiting = this.#waiting;
    const until = this.#clock.monotonic() + TURN_MS;
    let begun = 0;
    do {
      waiting[begun]?.();
      begun += 1;
    } while (begun < waiting.length && this.#clock.monotonic() < until);
    this.#waiting = waiting.slice(begun);
    if (this.#waiting.length > 0) this.#clock.soon(() => this.#turn());
  }
}
