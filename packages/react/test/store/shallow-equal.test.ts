import { expect, it } from 'vitest';
import { shallowEqual } from '../../src/store/shallow-equal.ts';

const inner = {};

it.each([
  [1, 1, true],
  [Number.NaN, Number.NaN, true],
  [[1, inner], [1, inner], true],
  [{ a: 1, b: inner }, { b: inner, a: 1 }, true],
  [[1], [1, 2], false],
  [[{}], [{}], false],
  [{ a: undefined }, { b: undefined }, false],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [[], {}, false],
  [null, {}, false],
  [new Map([[1, 1]]), new Map([[2, 2]]), false],
  [new Date(0), new Date(1), false],
])('%o and %o: %o', (left, right, equal) => {
  expect(shallowEqual(left, right)).toBe(equal);
  expect(shallowEqual(right, left)).toBe(equal);
});
