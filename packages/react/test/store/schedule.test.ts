import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nextFrame } from '../../src/store/schedule.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page that is shown, whose frames come when they are called. */
function stubPage(visibilityState: 'visible' | 'hidden' = 'visible') {
  const frames: (() => void)[] = [];
  const cancelled: number[] = [];
  vi.stubGlobal('document', { visibilityState });
  vi.stubGlobal('requestAnimationFrame', (task: () => void) => frames.push(task));
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => cancelled.push(frame));
  return { frames, cancelled };
}

describe('nextFrame', () => {
  it('waits for the frame, and runs once', () => {
    const { frames } = stubPage();
    const task = vi.fn();
    nextFrame(task);
    vi.advanceTimersByTime(50);
    expect(task).not.toHaveBeenCalled();
    frames[0]?.();
    vi.advanceTimersByTime(1_000);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('does not wait for ever when the page is hidden before the frame comes', () => {
    const { cancelled } = stubPage();
    const task = vi.fn();
    nextFrame(task);
    vi.advanceTimersByTime(100);
    expect(task).toHaveBeenCalledTimes(1);
    expect(cancelled).toEqual([1]);
  });

  it('asks for no frame in a page that is hidden', () => {
    const { frames } = stubPage('hidden');
    const task = vi.fn();
    nextFrame(task);
    expect(frames).toEqual([]);
    vi.advanceTimersByTime(100);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('does without frames where there are none', () => {
    const task = vi.fn();
    nextFrame(task);
    vi.advanceTimersByTime(16);
    expect(task).toHaveBeenCalledTimes(1);
  });

  it('can be called off', () => {
    stubPage();
    const task = vi.fn();
    nextFrame(task)();
    vi.advanceTimersByTime(1_000);
    expect(task).not.toHaveBeenCalled();
  });
});
