import { describe, expect, it } from 'vitest';
import { parseServerFrame, parseServerMessage } from '../src/index.ts';

const EVENT = { type: 'note', offset: 5, event_id: 'e5', timestamp: 1, payload: {} };

describe('reading a message of a server', () => {
  it('judges each frame of a batch alone', () => {
    const good = { type: 'caught_up', offset: 1 };
    expect(parseServerMessage(JSON.stringify([good, 5, { type: 'caught_up' }, [good], good]))).toMatchObject([
      { ok: true, value: good },
      { ok: false, code: 'INVALID_FRAME' },
      { ok: false, code: 'INVALID_FRAME' },
      { ok: false, code: 'INVALID_FRAME' },
      { ok: true, value: good },
    ]);
    expect(parseServerMessage('[]')).toEqual([]);
    expect(parseServerMessage('{')).toMatchObject([{ ok: false, code: 'BAD_JSON' }]);
    expect(parseServerFrame({ offset: 1 })).toMatchObject({ ok: false, code: 'UNKNOWN_FRAME' });
  });

  it('takes a code it does not know for a fault of the server, and keeps its message', () => {
    const frame = { type: 'error', code: 'FROM_THE_FUTURE', message: 'read me', fatal: false };
    expect(parseServerFrame(frame)).toEqual({ ok: true, value: { ...frame, code: 'INTERNAL' } });
    for (const code of ['toString', '__proto__']) {
      expect(parseServerFrame({ ...frame, code })).toMatchObject({ value: { code: 'INTERNAL' } });
    }
  });

  it('keeps what a newer publisher says in a payload', () => {
    const event = { ...EVENT, type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x', mood: 'good' } };
    expect(parseServerFrame(event)).toEqual({ ok: true, value: event });
  });

  it.each([
    [{ ...EVENT, offset: 0 }, 'offset'],
    [{ ...EVENT, offset: undefined }, 'offset'],
    [{ ...EVENT, prev: -1 }, 'prev'],
    [{ ...EVENT, merged: 1 }, 'merged'],
    [{ ...EVENT, event_id: '' }, 'event_id'],
    [{ ...EVENT, run_id: null }, 'run_id'],
    [{ ...EVENT, timestamp: '2026-01-01' }, 'timestamp'],
    [{ ...EVENT, payload: [] }, 'payload'],
    [{ ...EVENT, payload: 'text' }, 'payload'],
    [{ ...EVENT, type: 'agent_thinking', payload: { text: 'x' } }, 'delta'],
    [{ ...EVENT, type: 'agent_completed', payload: { status: 'done', duration_ms: 1 } }, 'status'],
    [{ ...EVENT, type: 'tool_executing', payload: { tool_call_id: 'c', tool_name: 't' } }, 'args'],
    [
      { ...EVENT, type: 'tool_completed', payload: { tool_call_id: 'c', tool_name: 't', success: 1, duration_ms: 1 } },
      'success',
    ],
  ])('%j is refused, naming the field', (frame, field) => {
    const result = parseServerFrame(JSON.parse(JSON.stringify(frame)));
    expect(result).toMatchObject({ ok: false, code: 'INVALID_FRAME' });
    if (!result.ok) expect(result.message).toContain(`field ${field}: `);
  });

  it('takes volatile only where it is true', () => {
    const { offset: _offset, ...volatile } = { ...EVENT, volatile: true };
    expect(parseServerFrame(volatile)).toEqual({ ok: true, value: volatile });
    expect(parseServerFrame({ ...volatile, volatile: 'yes' })).toMatchObject({ ok: false });
  });
});
