import { expect, test } from 'vitest';
import { lastOffsetOf, offsetOf, OFFSETS_PER_MESSAGE, partsNeeded, sequenceAfter } from '../src/offsets.ts';

test('the events of a message end at its last offset', () => {
  expect(offsetOf(1, 0, 1)).toBe(OFFSETS_PER_MESSAGE);
  expect([0, 1, 2].map((index) => offsetOf(7, index, 3))).toEqual([7166, 7167, 7168]);
  expect(lastOffsetOf(0)).toBe(0);
});

test.each([
  ['nothing was seen', 0, 1],
  ['the whole message was seen', lastOffsetOf(7), 8],
  ['part of the message was seen', offsetOf(7, 1, 3), 7],
  ['a position before all events of a message', lastOffsetOf(6) + 1, 7],
])('%s: the next event lies in the right message', (_what, offset, sequence) => {
  expect(sequenceAfter(offset)).toBe(sequence);
});

test.each([
  [1, 0],
  [OFFSETS_PER_MESSAGE, 0],
  [OFFSETS_PER_MESSAGE + 1, 1],
  [2 * OFFSETS_PER_MESSAGE, 1],
  [5_000, 4],
])('%i events right after another message do not reach into its offsets with %i parts', (events, parts) => {
  expect(partsNeeded(events)).toBe(parts);
  const previous = 10;
  const sequence = previous + 1 + parts;
  expect(offsetOf(sequence, 0, events)).toBeGreaterThan(lastOffsetOf(previous));
});

test('offsets are safe integers for as many messages as a server writes in a lifetime', () => {
  expect(Number.isSafeInteger(lastOffsetOf(2 ** 43 - 1))).toBe(true);
});
