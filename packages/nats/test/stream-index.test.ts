import { type LogEvent, streamKey } from '@ws/core/log';
import { toEventId } from '@ws/types';
import { expect, test } from 'vitest';
import { numberEvents } from '../src/append-plan.ts';
import { lastOffsetOf } from '../src/offsets.ts';
import { StreamIndex, type StoredMessage } from '../src/stream-index.ts';
import { StreamIndexes } from '../src/stream-indexes.ts';
import { toUserId } from '@ws/types';
import { event, stream } from '@ws/test-support';

function message(sequence: number, previous: number, ...ids: readonly string[]): StoredMessage {
  const place = { sequence, previous };
  const events: readonly LogEvent[] = numberEvents(
    ids.map((id) => event(id)),
    sequence,
    lastOffsetOf(previous),
  );
  return { ...place, before: lastOffsetOf(previous), events };
}

test('follows only what comes next', () => {
  const index = new StreamIndex(0);
  index.follow(message(3, 0, 'a'));
  index.follow(message(9, 5, 'after-a-gap'));
  index.follow(message(3, 0, 'a'));
  expect([index.last, index.size, index.head]).toEqual([3, 1, lastOffsetOf(3)]);
  index.follow(message(5, 3, 'b', 'c'));
  expect([index.last, index.size]).toEqual([5, 3]);
});

test('an id that was let go is unknown, also where it was appended again', () => {
  const index = new StreamIndex(0);
  index.add(message(1, 0, 'a', 'b'));
  index.trim(lastOffsetOf(1) - 1);
  expect([index.offsetOf(toEventId('a')), index.offsetOf(toEventId('b'))]).toEqual([undefined, lastOffsetOf(1)]);
  index.add(message(2, 1, 'a'));
  index.trim(lastOffsetOf(1));
  expect(index.offsetOf(toEventId('a'))).toBe(lastOffsetOf(2));
  expect(index.oldestMessage).toMatchObject({ sequence: 2, previous: 1 });
});

test('knows the event at or before an offset', () => {
  const index = new StreamIndex(0);
  index.add(message(2, 0, 'a'));
  index.add(message(7, 2, 'b', 'c'));
  const floors = [0, 2_047, 2_048, 5_000, 7_167, 7_168, Infinity].map((offset) => index.floor(offset));
  expect(floors).toEqual([0, 0, 2_048, 2_048, 7_167, 7_168, 7_168]);
});

test('a stream of which everything was let go has a head all the same', () => {
  const index = new StreamIndex(lastOffsetOf(4));
  index.endsAt(4, 6);
  expect([index.last, index.end, index.head, index.oldestMessage]).toEqual([4, 6, lastOffsetOf(4), undefined]);
});

test('indexes of the streams used longest ago go where there are too many events', () => {
  const indexes = new StreamIndexes(10);
  const keys = ['a', 'b', 'c'].map((user) => streamKey(toUserId(user)));
  for (const key of keys.slice(0, 2)) {
    indexes.make(key, 0).add(message(1, 0, '1', '2', '3', '4'));
  }
  indexes.get(keys[0] ?? stream);
  indexes.make(keys[2] ?? stream, 0);
  expect(keys.map((key) => indexes.get(key) !== undefined)).toEqual([true, false, true]);
});
