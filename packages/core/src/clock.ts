/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as the core sees it. Every wait goes through one, so that tests move time by hand.
 *
 * @see `@ws/core/testing` for `FakeClock`.
 */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds, with fractions, since some moment: for measuring how long something took. */
  monotonic(): number;
  /** Runs `task` once after `ms` milliseconds. */
  after(ms: number, task: () => void): Timer;
  /** Runs `task` once, when the work at hand is done and before new input is read. */
  soon(task: () => void): void;
}

/** The machine's clock. Its timers do not keep a process alive that has nothing else to do. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (task) => {
    setImmediate(task);
  },
};
