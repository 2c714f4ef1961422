import type { Clock, Timer } from '../clock.ts';

interface Operation {
  readonly deadline: number;
  readonly fail: (fault: Error) => void;
}

export interface InFlightOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** How long an operation may wait, in milliseconds. */
  readonly timeoutMs: number;
  /** What an operation fails with that was not answered in time. */
  readonly timeoutFault: () => Error;
  /** Nothing at all was answered for that long. */
  readonly onSilence: () => void;
}

/**
 * The operations that wait for an answer, each with a deadline. One timer serves all of them, because all wait equally long.
 * A client alone would wait until the operating system gives a dead peer up, which takes minutes.
 */
export class InFlight {
  readonly #options: InFlightOptions;
  readonly #operations = new Map<number, Operation>();
  #last = 0;
  #answeredAt = 0;
  #timer: Timer | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(options: InFlightOptions) {
    this.#options = options;
  }

  /** Starts an operation now, and settles as it does, or with the timeout's fault. */
  watch<Value>(start: () => Promise<Value>): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      const id = (this.#last += 1);
      const { clock, timeoutMs } = this.#options;
      this.#operations.set(id, {
        deadline: clock.monotonic() + timeoutMs,
        fail: reject,
      });
      this.#timer ??= clock.after(timeoutMs, () => this.#expire());
      const operation = start();
      const settle = (): void => {
        this.#done(id);
        resolve(operation);
      };
      operation.then(() => {
        this.#answeredAt = clock.monotonic();
        settle();
      }, settle);
    });
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.#operations.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Fails everything that waits, at once: its answers can't come any more. */
  failAll(fault: () => Error): void {
    for (const [id, { fail }] of [...this.#operations]) {
      fail(fault());
      this.#done(id);
    }
  }

  #expire(): void {
    const { clock, timeoutMs, timeoutFault, onSilence } = this.#options;
    this.#timer = undefined;
    const now = clock.monotonic();
    let expired = 0;
    for (const [id, { deadline, fail }] of this.#operations) {
      // They come in the order of their deadlines. Half a millisecond is what a timer may be early.
      if (deadline > now + 0.5) break;
      fail(timeoutFault());
      this.#done(id);
      expired += 1;
    }
    const [next] = this.#operations.values();
    if (next !== undefined) this.#timer = clock.after(Math.max(1, next.deadline - now), () => this.#expire());
    if (expired > 0 && now - this.#answeredAt >= timeoutMs) onSilence();
  }

  #done(id: number): void {
    if (!this.#operations.delete(id) || this.#operations.size > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
