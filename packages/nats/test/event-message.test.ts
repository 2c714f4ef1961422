import { toRunId, toThreadId } from '@ws/types';
import { expect, test } from 'vitest';
import { numberEvents } from '../src/append-plan.ts';
import { decodeEvents, encodeEvents, encodeParts, partsIn } from '../src/event-message.ts';
import { event } from './support/events.ts';

const EVENTS = [
  event('a', '{"text":"grüße 你好 🎉"}'),
  { ...event('ü', '{ "spaced":\n 1 }\n'), threadId: toThreadId('t1'), runId: toRunId('r1') },
  event('c', ''),
];

test('events come back to the letter, numbered, the first with the one before it', () => {
  const place = { sequence: 9, previous: 4 };
  const decoded = decodeEvents(encodeEvents(EVENTS), 9, 4);
  expect(decoded).toEqual(numberEvents(EVENTS, place));
  expect(decoded[0]).toMatchObject({ offset: 9 * 1_024 - 2, prev: 4 * 1_024 });
  expect(decoded[1]).not.toHaveProperty('prev');
});

test('a message says whether its events lie in parts', () => {
  expect(partsIn(encodeEvents(EVENTS))).toBeUndefined();
  expect(partsIn(Buffer.from(encodeParts([3, 5])))).toEqual([3, 5]);
});

test.each(['', 'hello', '{"orders":1}\n', '[1]\n', 'null\n'])(
  'a message of somebody else is LOG_CORRUPT: %j',
  (body) => {
    expect(() => decodeEvents(Buffer.from(body), 1, 0)).toThrowError(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  },
);
