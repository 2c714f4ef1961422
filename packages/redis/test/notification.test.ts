import { expect, test } from 'vitest';
import { readNotification } from '../src/notification.ts';

const RECORD = '\u001e';
const FIELD = '\u001f';
const events = ['a', 'b'].map((id) => [id, '9\t1\ttest\tt1\t', '{}'].join(FIELD));
const about = (count: number) => ['one', 4, 6, count].join(FIELD);

test('a message says where its events stand, and brings them', () => {
  const notice = readNotification([about(2), ...events].join(RECORD));
  expect(notice).toMatchObject({ epoch: 'one', prev: 4, last: 6 });
  expect(notice?.events()).toEqual([
    { eventId: 'a', type: 'test', threadId: 't1', timestamp: 1, data: '{}', offset: 5 },
    { eventId: 'b', type: 'test', threadId: 't1', timestamp: 1, data: '{}', offset: 6 },
  ]);
});

test.each([
  ['without events', about(0)],
  ['cut short', [about(2), events[0]].join(RECORD)],
])('a message %s brings none', (_name, message) => {
  const notice = readNotification(message);
  expect(notice).toMatchObject({ epoch: 'one', prev: 4, last: 6 });
  expect(notice?.events()).toEqual([]);
});

test.each(['hello', '', RECORD])('a message of somebody else is none: %j', (message) => {
  expect(readNotification(message)).toBeUndefined();
});
