import { toRunId, toThreadId } from '@ws/types';
import { event } from '@ws/test-support';
import { expect, test } from 'vitest';
import { numberEvents } from '../src/append-plan.ts';
import { decodeEvents, encodeEvents, encodeParts, partsIn, timestampOf } from '../src/event-message.ts';

const EVENTS = [
  event('a', '{"text":"grüße 你好 🎉"}'),
  { ...event('ü', '{ "spaced":\n 1 }\n'), threadId: toThreadId('t1'), runId: toRunId('r1') },
  event('c', ''),
];

test('events come back to the letter, numbered, the first with the one before it', () => {
  const decoded = decodeEvents(encodeEvents(EVENTS), 9, 4);
  expect(decoded).toEqual(numberEvents(EVENTS, 9, 4 * 1_024));
  expect(decoded[0]).toMatchObject({ offset: 9 * 1_024 - 2, prev: 4 * 1_024 });
  expect(decoded[1]).not.toHaveProperty('prev');
});

test('a message after others that were all deleted says which event came before it', () => {
  const decoded = decodeEvents(encodeEvents(EVENTS, 7_168), 9, 0);
  expect(decoded).toEqual(numberEvents(EVENTS, 9, 7_168));
  expect(decoded[0]).toMatchObject({ prev: 7_168 });
});

test('a message says when its first event was', () => {
  expect(timestampOf(encodeEvents(EVENTS))).toBe(EVENTS[0]?.timestamp);
  expect(timestampOf(Buffer.from(encodeParts([3], { from: 5 })))).toBe(5);
});

test('a message says whether its events lie in parts', () => {
  expect(partsIn(encodeEvents(EVENTS))).toBeUndefined();
  expect(partsIn(Buffer.from(encodeParts([3, 5], { from: 1 })))).toEqual([3, 5]);
});

test.each(['', 'hello', '{"orders":1}\n', '[1]\n', 'null\n'])(
  'a message of somebody else is LOG_CORRUPT: %j',
  (body) => {
    expect(() => decodeEvents(Buffer.from(body), 1, 0)).toThrowError(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  },
);
