import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClientFrame } from '../src/index.ts';

const long = (length: number): string => 'x'.repeat(length);

describe('reading a frame of a client', () => {
  it.each([
    ['', 'BAD_JSON'],
    ['{', 'BAD_JSON'],
    ['undefined', 'BAD_JSON'],
    ['null', 'UNKNOWN_FRAME'],
    ['"ping"', 'UNKNOWN_FRAME'],
    ['[{"type":"ping"}]', 'UNKNOWN_FRAME'],
    ['{}', 'UNKNOWN_FRAME'],
    ['{"type":7}', 'UNKNOWN_FRAME'],
    ['{"type":"pong"}', 'UNKNOWN_FRAME'],
    ['{"type":"Ping"}', 'UNKNOWN_FRAME'],
    ['{"type":"__proto__"}', 'UNKNOWN_FRAME'],
    ['{"type":"constructor"}', 'UNKNOWN_FRAME'],
  ])('%s is refused with %s', (text, code) => {
    expect(parseClientFrame(text)).toMatchObject({ ok: false, code });
  });

  it.each([
    [{ type: 'hello', from: 'oldest' }, 'from'],
    [{ type: 'hello', from: null }, 'from'],
    [{ type: 'hello', from: { offset: 0 } }, 'from.epoch'],
    [{ type: 'hello', from: { epoch: 'e' } }, 'from.offset'],
    [{ type: 'hello', from: { epoch: 'e', offset: -1 } }, 'from.offset'],
    [{ type: 'hello', from: { epoch: long(129), offset: 1 } }, 'from.epoch'],
    [{ type: 'hello', resume: { offset: 5 } }, 'resume'],
    [{ type: 'hello', resume: { epoch: 'e' } }, 'resume.offset'],
    [{ type: 'hello', resume: { epoch: '', offset: 1 } }, 'resume.epoch'],
    [{ type: 'hello', resume: { epoch: 'e', offset: -1 } }, 'resume.offset'],
    [{ type: 'hello', resume: { epoch: 'e', offset: 1.5 } }, 'resume.offset'],
    [{ type: 'hello', resume: { epoch: 'e', offset: 2 ** 53 } }, 'resume.offset'],
    [{ type: 'hello', resume: null }, 'resume'],
    [{ type: 'hello', threads: ['t1', ''] }, 'threads.1'],
    [{ type: 'hello', threads: Array(101).fill('t') }, 'threads'],
    [{ type: 'hello', batch: 1 }, 'batch'],
    [{ type: 'hello', token: '' }, 'token'],
    [{ type: 'hello', token: long(16_385) }, 'token'],
    [{ type: 'user_message', payload: { text: 'x' } }, 'message_id'],
    [{ type: 'user_message', message_id: long(101), payload: { text: 'x' } }, 'message_id'],
    [{ type: 'user_message', message_id: 'm', payload: { text: '' } }, 'payload.text'],
    [{ type: 'user_message', message_id: 'm', text: 'x' }, 'payload'],
    [{ type: 'user_message', message_id: 'm', thread_id: 'a b', payload: { text: 'x' } }, 'thread_id'],
    [{ type: 'cancel_run' }, 'run_id'],
    [{ type: 'cancel_run', run_id: 5 }, 'run_id'],
    [{ type: 'tool_approval', tool_call_id: 'c', run_id: 'r' }, 'approved'],
    [{ type: 'tool_approval', tool_call_id: 'c', run_id: 'r', approved: 'yes' }, 'approved'],
    [{ type: 'tool_approval', tool_call_id: 'c', run_id: 'r', approved: true, reason: long(2_001) }, 'reason'],
    [{ type: 'ack' }, 'offset'],
    [{ type: 'ack', offset: '5' }, 'offset'],
    [{ type: 'auth' }, 'token'],
    [{ type: 'ping', id: {} }, 'id'],
    [{ type: 'ping', id: long(129) }, 'id'],
  ])('%j is refused, naming the field', (frame, field) => {
    const result = parseClientFrame(JSON.stringify(frame));
    expect(result).toMatchObject({ ok: false, code: 'INVALID_FRAME' });
    if (!result.ok) expect(result.message).toContain(`${frame.type}: field ${field}: `);
  });

  it.each([
    [{ offset: 0 }, 'earliest'],
    [
      { epoch: 'e1', offset: 0 },
      { epoch: 'e1', offset: 0 },
    ],
    [
      { epoch: 'e1', offset: 41 },
      { epoch: 'e1', offset: 41 },
    ],
  ])('reads the earlier spelling: resume %j', (resume, from) => {
    const read = (hello: object) => parseClientFrame(JSON.stringify({ type: 'hello', batch: true, ...hello }));
    expect(read({ resume })).toEqual({ ok: true, value: { type: 'hello', batch: true, from } });
    // A client may say both, for servers that know only one.
    expect(read({ resume, from: 'latest' })).toEqual({
      ok: true,
      value: { type: 'hello', batch: true, from: 'latest' },
    });
  });

  it('never throws, whatever comes', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof parseClientFrame(text).ok === 'boolean'));
    const typed = fc.record({
      type: fc.constantFrom('hello', 'ack', 'user_message', 'ping'),
      from: fc.anything(),
      resume: fc.anything(),
      offset: fc.anything(),
      payload: fc.anything(),
    });
    fc.assert(fc.property(typed, (frame) => typeof parseClientFrame(JSON.stringify(frame) ?? '').ok === 'boolean'));
  });
});
