import { describe, expect, it } from 'vitest';
import { RateBuckets } from '../../src/limits/rate-buckets.ts';

// Rates so low that nothing worth mentioning drips in while a test runs.
const setUp = (isStrained = () => false): RateBuckets => new RateBuckets({ perSecond: 1, burst: 10, isStrained });

describe('buckets of a rate', () => {
  it('are one for each name, and say after how many seconds there is room', () => {
    const buckets = setUp();
    expect([buckets.take('a', 7), buckets.take('a', 3), buckets.take('b', 10)]).toEqual([0, 0, 0]);
    expect(buckets.take('a', 4)).toBe(4);
    expect(buckets.take('c', 1)).toBe(0);
  });

  it('may owe something: what was taken beyond them is paid before there is more', () => {
    const buckets = setUp();
    buckets.charge('a', 25);
    expect(buckets.take('a', 1)).toBe(16);
  });

  it('an amount over the burst is taken from a full bucket, and owed', () => {
    const buckets = setUp();
    expect(buckets.take('a', 30)).toBe(0);
    expect(buckets.take('a', 1)).toBe(21);
  });

  it('have no burst while the service is strained: who took most of late is refused first', () => {
    let strained = false;
    const buckets = setUp(() => strained);
    buckets.take('heavy', 5);
    strained = true;
    expect(buckets.take('heavy', 1)).toBeGreaterThan(0);
    expect(buckets.take('light', 1)).toBe(0);
    strained = false;
    expect(buckets.take('heavy', 1)).toBe(0);
  });

  it('that are full are forgotten, those with a debt are not', () => {
    const buckets = setUp();
    buckets.charge('debtor', 100);
    for (let n = 0; n < 20_000; n += 1) buckets.charge(`user-${n}`, 0.000_000_1);
    expect(buckets.take('debtor', 1)).toBeGreaterThan(80);
  });
});
