import { describe, expect, it } from 'vitest';
import { toEventId, toThreadId, type JsonObject } from '@ws/types';
import { decodeEvent, encodeEvent, encodePayload } from '../../src/stream/event-codec.ts';

const stamp = { eventId: toEventId('e1'), threadId: toThreadId('t1'), timestamp: 5 };
const encode = (payload: unknown, maxBytes = 1_000) => {
  const event = { type: 'note', run_id: 'r1', payload: payload as JsonObject };
  return encodeEvent(event, encodePayload(event), stamp, maxBytes);
};

describe('encoding an event', () => {
  it('puts the delta of an event first in its payload, wherever its publisher has it', () => {
    const input = (payload: JsonObject) => ({ type: 'agent_thinking', run_id: 'r1', payload });
    expect(encodePayload(input({ message_id: 'm1', delta: 'x', n: 1 }))).toBe('{"delta":"x","message_id":"m1","n":1}');
    expect(encodePayload(input({ delta: 'x', message_id: 'm1' }))).toBe('{"delta":"x","message_id":"m1"}');
    expect(encodePayload({ ...input({ message_id: 'm1', delta: 'x' }), type: 'note' })).toBe(
      '{"message_id":"m1","delta":"x"}',
    );
  });

  it('gives what decoding takes, with offset and prev beside it', () => {
    const event = encode({ text: 'a "quoted"\n word', more: [1, null, { a: true }] });
    expect(decodeEvent({ ...event, offset: 7, prev: 3 })).toEqual({
      type: 'note',
      event_id: 'e1',
      thread_id: 't1',
      run_id: 'r1',
      timestamp: 5,
      payload: { text: 'a "quoted"\n word', more: [1, null, { a: true }] },
      offset: 7,
      prev: 3,
    });
    expect(decodeEvent({ ...event, offset: 7 })).not.toHaveProperty('prev');
  });

  const circular: Record<string, unknown> = {};
  circular['self'] = circular;
  it.each([
    ['a circle', circular],
    ['a bigint', { n: 5n }],
    ['a date', new Date(0)],
    ['what turns into nothing', { toJSON: () => undefined }],
    ['what turns into a list', { toJSON: () => [] }],
  ])('refuses %s', (_name, payload) => {
    expect(() => encode(payload)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }));
  });

  it('holds to the limit in bytes, not in characters', () => {
    const size = Buffer.byteLength(encode({ text: 'ü'.repeat(100) }).data);
    expect(() => encode({ text: 'ü'.repeat(100) }, size)).not.toThrow();
    expect(() => encode({ text: 'ü'.repeat(100) }, size - 1)).toThrow(
      expect.objectContaining({ code: 'EVENT_TOO_BIG' }),
    );
  });
});
