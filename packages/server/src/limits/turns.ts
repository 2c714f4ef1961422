import type { Clock } from '@ws/core/log';

/** How long a turn holds others up at most, in milliseconds: a task that waits for a network or a disk does not need the processor. */
const MAX_TURN_MS = 100;
/** Rest after heavy work, as a multiple of its time: three quarters of the time are for everything else. */
const REST = 3;
/** The longest rest, in milliseconds. */
const MAX_REST_MS = 100;

/** Ends a turn. `isHeavy`: it took time that others missed. */
export type EndTurn = (isHeavy: boolean) => void;

/**
 * Lets large pieces of work have their turn one after the other, and their owners (users, API keys) in rotation. After heavy work
 * there is a rest, in which small requests and deliveries go on as if nothing was.
 */
export class Turns {
  readonly #clock: Pick<Clock, 'monotonic' | 'after' | 'soon'>;
  /** Who waits, by name; the first name is next. */
  readonly #waiting = new Map<string, (() => void)[]>();
  #isTaken = false;

  constructor(clock: Pick<Clock, 'monotonic' | 'after' | 'soon'>) {
    this.#clock = clock;
  }

  /** How many wait for a turn of `name`. */
  waitingOf(name: string): number {
    return this.#waiting.get(name)?.length ?? 0;
  }

  /** Waits for the turn of `name`, and answers what ends it. A turn that lasts too long ends by itself. */
  async enter(name: string): Promise<EndTurn> {
    if (this.#isTaken) {
      await new Promise<void>((resolve) => {
        const queue = this.#waiting.get(name);
        if (queue === undefined) this.#waiting.set(name, [resolve]);
        else queue.push(resolve);
      });
    }
    this.#isTaken = true;
    const startedAt = this.#clock.monotonic();
    let isOver = false;
    const end = (restMs: number): void => {
      if (isOver) return;
      isOver = true;
      timer.cancel();
      this.#next(restMs);
    };
    const timer = this.#clock.after(MAX_TURN_MS, () => end(0));
    return (isHeavy) => end(isHeavy ? Math.min((this.#clock.monotonic() - startedAt) * REST, MAX_REST_MS) : 0);
  }

  #next(restMs: number): void {
    const next = (): void => {
      const [first] = this.#waiting;
      if (first === undefined) {
        this.#isTaken = false;
        return;
      }
      const [name, queue] = first;
      const [resolve, ...others] = queue;
      // The name goes behind all others.
      this.#waiting.delete(name);
      if (others.length > 0) this.#waiting.set(name, others);
      resolve?.();
    };
    if (restMs >= 1) this.#clock.after(restMs, next);
    else this.#clock.soon(next);
  }
}
