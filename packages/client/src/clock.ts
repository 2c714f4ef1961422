/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as the client sees it. Every wait goes through one, so that tests move time by hand. */
export interface Clock {
  /** Milliseconds since 1970, by the clock that people and time servers set. */
  now(): number;
  /** Milliseconds since some moment: rises steadily, whatever is set. For elapsed time. It may stand still while the machine sleeps. */
  monotonic(): number;
  /** Runs `task` once after `ms` milliseconds. */
  after(ms: number, task: () => void): Timer;
}

/** `setTimeout` keeps 31 bits: what is longer would run at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. It chains long timers as `packages/core/src/clock.ts` does; the comment there says why the code stands twice. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    let timer: ReturnType<typeof setTimeout>;
    const wait = (left: number): void => {
      timer =
        left > LONGEST_TIMER_MS
          ? setTimeout(() => wait(left - LONGEST_TIMER_MS), LONGEST_TIMER_MS)
          : setTimeout(task, left);
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  },
};
