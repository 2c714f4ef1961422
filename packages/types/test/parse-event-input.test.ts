import { describe, expect, it } from 'vitest';
import { parseEventInput } from '../src/index.ts';

const CALL = { tool_call_id: 'c', tool_name: 't' };

describe('publishing an event', () => {
  it.each([
    [undefined, 'INVALID_EVENT'],
    [null, 'INVALID_EVENT'],
    [[], 'INVALID_EVENT'],
    [{}, 'INVALID_EVENT'],
    [{ type: 7, payload: {} }, 'INVALID_EVENT'],
    [{ type: '', payload: {} }, 'INVALID_EVENT'],
    [{ type: '1st', payload: {} }, 'INVALID_EVENT'],
    [{ type: 'with space', payload: {} }, 'INVALID_EVENT'],
    [{ type: 'x'.repeat(129), payload: {} }, 'INVALID_EVENT'],
    [{ type: '__proto__', payload: {} }, 'INVALID_EVENT'],
    [{ type: 'connection_ready', payload: {} }, 'RESERVED_EVENT_TYPE'],
    [{ type: 'error', payload: {} }, 'RESERVED_EVENT_TYPE'],
    [{ type: 'agent_stared', payload: {} }, 'UNKNOWN_EVENT_TYPE'],
  ])('%j is refused with %s', (input, code) => {
    expect(parseEventInput(input)).toMatchObject({ ok: false, code });
  });

  it.each([
    [{ type: 'note' }, 'payload'],
    [{ type: 'note', payload: null }, 'payload'],
    [{ type: 'note', payload: 'text' }, 'payload'],
    [{ type: 'note', payload: {}, runid: 'r1' }, 'runid'],
    [{ type: 'note', payload: {}, offset: 5 }, 'offset'],
    [{ type: 'note', payload: {}, volatile: true }, 'volatile'],
    [{ type: 'note', payload: {}, user_id: 'u2' }, 'user_id'],
    [{ type: 'note', payload: {}, event_id: '' }, 'event_id'],
    [{ type: 'note', payload: {}, thread_id: 'a\tb' }, 'thread_id'],
    [{ type: 'note', payload: {}, traceparent: 'nonsense' }, 'traceparent'],
    [{ type: 'agent_started', payload: { agent_name: 'a' } }, 'run_id'],
    [{ type: 'agent_response_chunk', payload: { delta: 'a' } }, 'run_id'],
    [{ type: 'tool_approval_resolved', payload: { tool_call_id: 'c', approved: true } }, 'run_id'],
    [{ type: 'agent_started', run_id: 'r', payload: {} }, 'agent_name'],
    [{ type: 'agent_started', run_id: 'r', payload: { agent_name: '' } }, 'agent_name'],
    [{ type: 'agent_thinking', run_id: 'r', payload: { delta: null } }, 'delta'],
    [{ type: 'tool_executing', run_id: 'r', payload: { ...CALL, args: undefined } }, 'args'],
    [{ type: 'tool_completed', run_id: 'r', payload: { ...CALL, success: true, duration_ms: -1 } }, 'duration_ms'],
    [
      { type: 'tool_completed', run_id: 'r', payload: { ...CALL, success: true, duration_ms: Number.NaN } },
      'duration_ms',
    ],
    [{ type: 'agent_completed', run_id: 'r', payload: { status: 'running', duration_ms: 1 } }, 'status'],
    [{ type: 'user_message', payload: { message_id: 'm', text: '' } }, 'text'],
  ])('%j is refused, naming the field', (input, field) => {
    const result = parseEventInput(input);
    expect(result).toMatchObject({ ok: false, code: 'INVALID_EVENT' });
    if (!result.ok) expect(result.message).toContain(`field ${field}: `);
  });
});
