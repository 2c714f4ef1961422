/** A timer that can be called off. */
export interface Timer {
  cancel(): void;
}

/** Time as the client sees it. Every wait goes through one, so that tests move time by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `task` once after `ms` milliseconds. */
  after(ms: number, task: () => void): Timer;
}

/** `setTimeout` keeps 31 bits: what is longer would run at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
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
