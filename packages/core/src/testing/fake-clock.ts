import type { Clock, Timer } from '../clock.ts';

interface Task {
  readonly at: number;
  readonly run: () => void;
}

/**
 * A clock that stands still until it is moved.
 *
 * @example
 * ```ts
 * const clock = new FakeClock();
 * const hub = createHub({ clock });
 * await clock.advance(25_000); // one heartbeat later
 * ```
 */
export class FakeClock implements Clock {
  #now: number;
  #tasks: Task[] = [];
  #soon: (() => void)[] = [];

  constructor(now = 1_790_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const task = { at: this.#now + Math.max(0, ms), run };
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

  /** Moves time forward by `ms` milliseconds, running what falls due on the way, in order. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.settle();
    for (;;) {
      const next = this.#tasks.reduce<Task | undefined>(
        (first, task) => (task.at <= end && (first === undefined || task.at < first.at) ? task : first),
        undefined,
      );
      if (next === undefined) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.#now = Math.max(this.#now, next.at);
      next.run();
      await this.settle();
    }
    this.#now = end;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    // eslint-disable-next-line no-restricted-globals -- the one real turn a fake clock needs to let promises run
    setImmediate(resolve);
  });
}
