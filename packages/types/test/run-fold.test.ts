import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRunEvent, type FoldableEvent, type RunState } from '../src/index.ts';

const CALL = { tool_call_id: 'c1', tool_name: 'read', args: { path: 'a' } };
const fold = (events: readonly FoldableEvent[], from?: RunState): RunState | undefined =>
  events.reduce<RunState | undefined>(foldRunEvent, from);

const STORY: readonly FoldableEvent[] = [
  { type: 'agent_started', payload: { agent_name: 'analyst' } },
  { type: 'agent_thinking', payload: { delta: 'Let me ' } },
  { type: 'agent_thinking', payload: { delta: 'look' } },
  { type: 'tool_executing', payload: CALL },
  { type: 'invoice_ready', payload: { cents: 5 } },
  {
    type: 'tool_completed',
    payload: { tool_call_id: 'c1', tool_name: 'read', success: true, result: 3, duration_ms: 2 },
  },
  { type: 'agent_response_chunk', payload: { delta: 'thr' } },
  { type: 'agent_response_chunk', payload: { delta: 'ee' } },
  { type: 'agent_completed', payload: { status: 'completed', duration_ms: 9 } },
];

describe('folding a run', () => {
  it('gives what a screen shows', () => {
    expect(fold(STORY)).toEqual({
      agent_name: 'analyst',
      status: 'completed',
      thinking: 'Let me look',
      response: 'three',
      tools: [{ ...CALL, status: 'completed', result: 3, duration_ms: 2 }],
    });
  });

  it('keeps what was streamed, whatever the final response says', () => {
    const end = { type: 'agent_completed', payload: { status: 'completed', final_response: 'four', duration_ms: 1 } };
    expect(fold([...STORY.slice(0, -1), end])?.response).toBe('three');
  });

  it('shows the final response where nothing was streamed', () => {
    const end = { type: 'agent_completed', payload: { status: 'completed', final_response: 'four', duration_ms: 1 } };
    expect(fold([...STORY.slice(0, 6), end])?.response).toBe('four');
  });

  it('shows the final response to a reader that joined after the answer had begun', () => {
    const end = { type: 'agent_completed', payload: { status: 'completed', final_response: 'three', duration_ms: 1 } };
    expect(fold([...STORY.slice(7, -1), end])).toMatchObject({ response: 'three', status: 'completed', partial: true });
  });

  it('shows the final response where a snapshot lacks the beginning of the answer', () => {
    const snapshot: RunState = {
      agent_name: 'analyst',
      status: 'running',
      thinking: 'look',
      response: 'ee',
      tools: [],
      omitted: { thinking: 7, response: 3, tools: 1 },
    };
    expect(fold(STORY.slice(5), snapshot)).toMatchObject({ response: 'eethree', omitted: snapshot.omitted });
    const end = { type: 'agent_completed', payload: { status: 'completed', final_response: 'three', duration_ms: 1 } };
    expect(fold([end], snapshot)).toMatchObject({ response: 'three', omitted: { thinking: 7, response: 0, tools: 1 } });
    expect(fold(STORY.slice(0, 1), snapshot)).not.toHaveProperty('omitted');
    const whole = { ...snapshot, omitted: { thinking: 7, response: 0, tools: 1 } };
    expect(fold([end], whole)).toMatchObject({ response: 'ee', omitted: whole.omitted });
  });

  it('shows a failed call with its error, and leaves the others alone', () => {
    const failed = {
      type: 'tool_completed',
      payload: { tool_call_id: 'c1', tool_name: 'read', success: false, error: 'gone', duration_ms: 2 },
    };
    const other = { type: 'tool_executing', payload: { ...CALL, tool_call_id: 'c2' } };
    expect(fold([...STORY.slice(0, 4), other, failed])?.tools).toEqual([
      { ...CALL, status: 'failed', error: 'gone', duration_ms: 2 },
      { ...CALL, tool_call_id: 'c2', status: 'executing' },
    ]);
  });

  it('does not change the state it was given', () => {
    const before = fold(STORY.slice(0, 4));
    const copy = structuredClone(before);
    fold(STORY.slice(4), before);
    expect(before).toEqual(copy);
  });

  it('returns the same state for events that change nothing on a screen', () => {
    const before = fold(STORY.slice(0, 3));
    expect(fold([{ type: 'invoice_ready', payload: {} }], before)).toBe(before);
  });

  it('may be cut anywhere: a snapshot and the rest end in the same state', () => {
    fc.assert(
      fc.property(fc.nat(STORY.length), (cut) => {
        const snapshot = fold(STORY.slice(0, cut));
        const sent = snapshot === undefined ? undefined : (JSON.parse(JSON.stringify(snapshot)) as RunState);
        expect(fold(STORY.slice(cut), sent)).toEqual(fold(STORY));
      }),
    );
  });
});
