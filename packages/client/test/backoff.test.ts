import { describe, expect, it } from 'vitest';
import { backoffMs } from '../src/backoff.ts';

const options = { minMs: 500, maxMs: 20_000, factor: 2, restartMaxMs: 1_000 };

describe('backoffMs', () => {
  it.each([
    [0, 0, 0],
    [0, 0.999, 499],
    [1, 0.999, 999],
    [3, 0.5, 2_000],
    [10, 0.999, 19_980],
    [5_000, 0.5, 10_000],
  ])('spreads try %i over the whole range: %d gives %i ms', (attempt, random, wait) => {
    expect(backoffMs(attempt, options, () => random)).toBe(wait);
  });

  it.each([
    [0, 0.5, 250],
    [1, 0.5, 500],
    [9, 0.5, 500],
  ])('knocks often at the door of a server that restarts: try %i, %d gives %i ms', (attempt, random, wait) => {
    expect(backoffMs(attempt, options, () => random, 'restarting')).toBe(wait);
    expect(backoffMs(attempt, { ...options, maxMs: 600 }, () => 0.5, 'restarting')).toBeLessThanOrEqual(300);
  });

  it.each([
    [0, 10_000],
    [0.999, 19_990],
  ])('waits at least half of the longest when the server asks for it', (random, wait) => {
    expect(backoffMs(0, options, () => random, 'slower')).toBe(wait);
  });
});
