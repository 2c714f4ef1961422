import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../src/log.ts';

const DAY_MS = 86_400_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

// A timer of the machine holds 31 bits of milliseconds, and one that is longer runs at once.
it('waits for sixty days, and not a millisecond less', () => {
  const task = vi.fn();
  systemClock.after(60 * DAY_MS, task);
  vi.advanceTimersByTime(60 * DAY_MS - 1);
  expect(task).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(task).toHaveBeenCalledOnce();
});

it('can be called off after a month of sixty days', () => {
  const task = vi.fn();
  const timer = systemClock.after(60 * DAY_MS, task);
  vi.advanceTimersByTime(30 * DAY_MS);
  timer.cancel();
  vi.advanceTimersByTime(40 * DAY_MS);
  expect(task).not.toHaveBeenCalled();
});
