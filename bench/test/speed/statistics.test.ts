import { expect, it } from 'vitest';
import { median, pairedRatio } from '../../src/speed/statistics.ts';

it('takes the middle, and leaves out rounds that failed', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([NaN, 5])).toBe(5);
  expect(median([])).toBeNaN();
});

it('compares within rounds, so that a slow round changes nothing', () => {
  expect(pairedRatio([20, 2, 200], [10, 1, 100])).toBe(2);
});
