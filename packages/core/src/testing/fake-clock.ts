import type { Clock, Timer } from '../clock.ts';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/** What the monotonic clock of a {@link FakeClock} begins with: a process that is an hour old, and no moment of the wall clock. */
const AN_HOUR_MS = 3_600_000;

/**
 * A clock that stands still until it is moved. Its wall clock can be set without time passing.
 *
 * @example
 * ```ts
 * const clock = new FakeClock();
 * const hub = createHub({ clock });
 * await clock.advance(25_000); // one heartbeat later
 * clock.step(-600_000); // somebody set the wall clock back ten minutes
 * ```
 */
export class FakeClock implements Clock {
  /** Wall clock less monotonic clock. */
  #offset: number;
  #elapsed: number;
  #tasks: Task[] = [];
  #soon: (() => void)[] = [];

  constructor(now = 1_790_000_000_000, monotonic = AN_HOUR_MS) {
    this.#elapsed = monotonic;
    this.#offset = now - monotonic;
  }

  now(): number {
    return this.#elapsed + this.#offset;
  }

  monotonic(): number {
    return this.#elapsed;
  }

  after(ms: number, run: () => void): Timer {
    const task = { at: this.#elapsed + Math.max(0, ms), run };
    this.#tasks.push(task);
    return {
      cancel: () => {
        this.#tasks = this.#tasks.filter((other) => other !== task);
      },
    };
  }

  soon(task: () => void): void {
    this.#soon.push(task);
  }

  /** Lets everything happen that needs no time to pass. */
  async settle(): Promise<void> {
    // Promises chain: a turn of the event loop empties their queue, then `soon` tasks may have started new ones.
    for (;;) {
      await turn();
      const due = this.#soon;
      if (due.length === 0) return;
      this.#soon = [];
      for (const task of due) task();
    }
  }

  /**
   * Sets the wall clock by `ms` milliseconds, back where negative. No time passes, so nothing falls due: a step, or a suspend of
   * the machine.
   */
  step(ms: number): void {
    this.#offset += ms;
  }

  /** Lets `ms` milliseconds pass in which nothing runs, as in a process that stands still. What falls due meanwhile is late. */
  stall(ms: number): void {
    this.#elapsed += ms;
  }

  /** Moves time forward by `ms` milliseconds, running what falls due on the way, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#elapsed + ms;
    await this.settle();
    for (;;) {
      const next = this.#tasks.reduce<Task | undefined>(
        (first, task) => (task.at <= end && (first === undefined || task.at < first.at) ? task : first),
        undefined,
      );
      if (next === undefined) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.#elapsed = Math.max(this.#elapsed, next.at);
      next.run();
      await this.settle();
    }
    this.#elapsed = end;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    // eslint-disable-next-line no-restricted-globals -- the one real turn a fake clock needs to let promises run
    setImmediate(resolve);
  });
}
