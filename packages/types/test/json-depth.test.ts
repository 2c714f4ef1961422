import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exceedsJsonDepth } from '../src/index.ts';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('the depth of a JSON text', () => {
  it.each([
    ['one level too many', nested(11), true],
    ['exactly the limit', nested(10), false],
    ['objects and arrays in turn', '{"a":['.repeat(6) + ']}'.repeat(6), true],
    ['many beside each other', `[${Array.from({ length: 1_000 }, () => '[]').join()}]`, false],
    ['brackets in a string', JSON.stringify('['.repeat(1_000)), false],
    ['brackets in a key', JSON.stringify({ ['{['.repeat(100)]: 1 }), false],
    ['brackets in a string behind an escaped quote', JSON.stringify('"' + '['.repeat(1_000)), false],
    ['brackets behind a string that ends with a backslash', `["\\\\",${nested(11)}]`, true],
    ['a string without an end', `"${'['.repeat(100)}`, false],
    ['a million levels', '['.repeat(1_000_000), true],
    ['only closing ones', ']'.repeat(100), false],
  ])('%s', (_name, text, exceeds) => {
    expect(exceedsJsonDepth(text, 10)).toBe(exceeds);
  });

  it('is that of the value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.integer({ min: 1, max: 8 }), fc.boolean(), (value, max, pretty) => {
        const text = JSON.stringify(value, undefined, pretty ? 2 : 0);
        expect(exceedsJsonDepth(text, max)).toBe(depthOf(value) > max);
      }),
      { numRuns: 500 },
    );
  });

  it('of a megabyte of escaped quotes and backslashes is found in one pass', () => {
    const text = JSON.stringify('\\"'.repeat(250_000));
    const startedAt = performance.now();
    expect(exceedsJsonDepth(text, 10)).toBe(false);
    // Quadratic, it would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
