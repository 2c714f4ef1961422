import { streamKey } from '@ws/core/log';
import { toRunId, toThreadId, toUserId } from '@ws/types';
import { expect, test } from 'vitest';
import { Subjects } from '../src/subjects.ts';

const subjects = new Subjects('ws');

test.each([
  ['alice', 'ws.events.alice'],
  ['a.b', 'ws.events.a%2eb'],
  ['*', 'ws.events.%2a'],
  ['>', 'ws.events.%3e'],
  ['100%', 'ws.events.100%25'],
  ['grüße', 'ws.events.grüße'],
])('the events of %s lie on one subject of one token more: %s', (user, subject) => {
  expect(subjects.eventsOf(streamKey(toUserId(user)))).toBe(subject);
});

test('an isolated stream has a subject of its own', () => {
  const stream = streamKey(toUserId('alice'), toThreadId('t.1'));
  expect(subjects.eventsOf(stream)).toBe('ws.events.alice%20t%2e1');
});

test.each(['r1', 'run.1', '*', '%20'])('a lease comes back from its subject: %s', (run) => {
  const lease = { stream: streamKey(toUserId('a.b'), toThreadId('t 1'.replace(' ', '-'))), runId: toRunId(run) };
  expect(subjects.readLease(subjects.leaseOf(lease))).toEqual(lease);
});

test('the streams are named after the prefix', () => {
  expect([subjects.events, subjects.state]).toEqual(['WS_EVENTS', 'WS_STATE']);
});
