import { WebSocketError } from '@ws/types';

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

/** `setTimeout` keeps 31 bits: what is longer would run at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * The machine's clock. Its timers do not keep a process alive that has nothing else to do.
 *
 * `packages/client/src/clock.ts` chains long timers in the same way. `@ws/types` is all that the two packages share, and each of its
 * exports is public API of the protocol: timers do not belong there.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, task) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      timer =
        left > LONGEST_TIMER_MS
          ? setTimeout(() => wait(left - LONGEST_TIMER_MS), LONGEST_TIMER_MS)
          : setTimeout(task, left);
      timer.unref();
    };
    wait(ms);
    return { cancel: () => clearTimeout(timer) };
  },
  soon: (task) => {
    setImmediate(task);
  },
};

/**
 * A duration that an application gave, in milliseconds, or the default. Whole numbers only: deadlines are times on the wire.
 *
 * @throws `INVALID_OPTION` naming the option
 */
export function durationOption(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (Number.isSafeInteger(value) && value >= 0 && value <= LONGEST_DURATION_MS) return value;
  const message = `${name} must be a whole number of milliseconds from 0 to ${LONGEST_DURATION_MS} (a thousand years), got ${value}`;
  throw new WebSocketError('INVALID_OPTION', message);
}

const LONGEST_DURATION_MS = 31_556_952_000_000;
