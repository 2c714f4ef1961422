import { WebSocketError } from '@ws/types';
import { expect, test } from 'vitest';
import { isConflict, isMissing, logFault } from '../src/log-fault.ts';

const answer = (code: number, message: string) => Object.assign(new Error(message), { code, apiError: () => ({}) });

test.each([
  ['insufficient resources', 10_023, 'LOG_FULL'],
  ['resource limits exceeded for account', 10_002, 'LOG_FULL'],
  ['insufficient storage resources available', 10_047, 'LOG_FULL'],
  ['maximum bytes exceeded', 10_077, 'LOG_FULL'],
  ['write 1.blk: no space left on device', 10_077, 'LOG_FULL'],
  ['no responders', 10_077, 'LOG_UNAVAILABLE'],
  ['JetStream system temporarily unavailable', 10_008, 'LOG_UNAVAILABLE'],
])('the answer "%s" (%i) becomes a code of the port, with the place and its cause', (message, apiCode, code) => {
  const cause = answer(apiCode, message);
  const fault = logFault(cause, 'nats://h:1 under ws');
  expect(fault).toMatchObject({ code, cause });
  expect(fault.message).toContain('nats://h:1 under ws');
  expect(fault.message).toContain(message);
});

test('whatever comes from the connection passes', () => {
  const refused = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
  expect(logFault(refused, 'x')).toMatchObject({ code: 'LOG_UNAVAILABLE' });
  expect(logFault(refused, 'x').message).toContain('ECONNREFUSED');
  const known = new WebSocketError('LOG_FULL', 'known');
  expect(logFault(known, 'x')).toBe(known);
});

test('a conflict and a missing stream are told apart, also when they were wrapped', () => {
  const conflict = answer(10_071, 'wrong last sequence: 3');
  expect([isConflict(conflict), isConflict(logFault(conflict, 'x')), isConflict(new Error('no'))]).toEqual([
    true,
    true,
    false,
  ]);
  expect(isMissing(answer(10_059, 'stream not found'))).toBe(true);
  expect(isMissing(Object.assign(new Error('no'), { name: 'JetStreamNotEnabled' }))).toBe(true);
  expect(isMissing(conflict)).toBe(false);
});
