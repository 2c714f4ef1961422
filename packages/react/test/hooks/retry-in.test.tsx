import '../support/dom.ts';
import { act, cleanup, renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useRetryIn } from '../../src/index.ts';
import { setStage } from '../support/stage.tsx';

const FAKED = ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

beforeEach(() => void vi.useFakeTimers({ toFake: [...FAKED] }));
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it('counts down to the next try, and counts nothing else', async () => {
  const { server, wrapper, show } = await setStage({ backoff: { minMs: 5_000, maxMs: 5_000 }, random: () => 0.9 });
  const rendered: (number | null)[] = [];
  const { result } = renderHook(
    () => {
      const seconds = useRetryIn();
      rendered.push(seconds);
      return seconds;
    },
    { wrapper },
  );
  expect(result.current).toBeNull();
  act(() => void vi.advanceTimersByTime(10_000));
  expect(rendered).toEqual([null]);
  server.close();
  await show();
  const seen = [result.current];
  for (let second = 0; second < 3; second += 1) {
    act(() => void vi.advanceTimersByTime(1_000));
    seen.push(result.current);
  }
  expect(seen).toEqual([5, 4, 3, 2]);
  await act(async () => vi.advanceTimersByTime(2_000));
  await show();
  expect(result.current).toBeNull();
  // Not even for a moment is it what it would be from the time before.
  expect(rendered.filter((seconds) => seconds !== null && seconds > 5)).toEqual([]);
});

it.each([-3_600_000, 3_600_000])('goes on when the clock of the machine is set by %i ms meanwhile', async (stepMs) => {
  const { server, wrapper, show } = await setStage({ backoff: { minMs: 5_000, maxMs: 5_000 }, random: () => 0.9 });
  const { result } = renderHook(() => useRetryIn(), { wrapper });
  server.close();
  await show();
  vi.setSystemTime(Date.now() + stepMs);
  const seen = [result.current];
  for (let second = 0; second < 3; second += 1) {
    act(() => void vi.advanceTimersByTime(1_000));
    seen.push(result.current);
  }
  expect(seen).toEqual([5, 4, 3, 2]);
});
