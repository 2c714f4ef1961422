import { describe, expect, test } from 'vitest';
import { connectionsPerSecond } from '../../src/workers/main.ts';
import { readWorkersOptions } from '../../src/workers/options.ts';

describe('pnpm bench workers', () => {
  test.each([1, 2])('with %d: connections are opened and answered', { timeout: 60_000 }, async (workers) => {
    expect(await connectionsPerSecond(workers, { seconds: 0.5 })).toBeGreaterThan(0);
  });

  test('reads its options, and says what is wrong with them', () => {
    expect(readWorkersOptions([])).toEqual({ workers: [1, 2], rounds: 3, seconds: 3 });
    expect(readWorkersOptions(['--workers', '1,4', '--rounds', '1'])).toMatchObject({ workers: [1, 4], rounds: 1 });
    expect(readWorkersOptions(['--help'])).toBeUndefined();
    expect(() => readWorkersOptions(['--workers', '1,x'])).toThrow('--workers must be a whole number from 1 to 64');
    expect(() => readWorkersOptions(['--seconds', '0'])).toThrow('--seconds must be a number from 0.1');
  });
});
