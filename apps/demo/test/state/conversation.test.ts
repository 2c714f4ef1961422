import { describe, expect, it } from 'vitest';
import { completed, event, message, pageAfter, ready, reset, snapshot, started, thinking } from '../page-inputs.ts';

const run = (state: ReturnType<typeof pageAfter>, id = 'r1') => state.conversation.runs.get(id)?.view;
const items = (state: ReturnType<typeof pageAfter>, id = 't1') =>
  state.conversation.threads.get(id)?.items.map(({ kind, key }) => `${kind} ${key}`);

describe('conversation', () => {
  it('is built from events alone, in their order', () => {
    const state = pageAfter(ready(), message(1, 'hello'), started(2), thinking(3, 'a'), thinking(4, 'b'), completed(5));
    expect(items(state)).toEqual(['message m-1', 'run r1']);
    expect(run(state)).toMatchObject({ status: 'completed', thinking: 'ab', response: 'done' });
    expect(state.conversation.threads.get('t1')?.title).toBe('hello');
    expect(state.conversation.traces.get('r1')).toMatchObject({ startedAt: 1_002, durationMs: 42 });
  });

  it('counts the time of a run that was interrupted until it was last heard of', () => {
    const payload = { status: 'interrupted', error: 'the agent stopped responding', duration_ms: 3_600_000 };
    const ended = event({ type: 'agent_completed', offset: 9, run_id: 'r1', thread_id: 't1', payload });
    expect(pageAfter(started(2), thinking(5, 'a'), ended).conversation.traces.get('r1')?.durationMs).toBe(3);
  });

  it('shows what was replayed without animation', () => {
    const state = pageAfter(
      event({ type: 'agent_started', offset: 1, run_id: 'r1', payload: { agent_name: 'a' } }, { replay: true }),
      event({ type: 'agent_started', offset: 2, run_id: 'r2', payload: { agent_name: 'a' } }),
    );
    expect(state.conversation.threads.get('')?.items.map(({ live }) => live)).toEqual([false, true]);
  });

  it('keeps threads apart', () => {
    const state = pageAfter(message(1, 'one'), message(2, 'two', 'm-2', 't2'), started(3, 'r3', 't2'));
    expect(items(state)).toEqual(['message m-1']);
    expect(items(state, 't2')).toEqual(['message m-2', 'run r3']);
  });

  it('shows a message once, however often its event comes', () => {
    expect(items(pageAfter(message(1, 'hello', 'm'), message(2, 'hello', 'm')))).toEqual(['message m']);
  });

  it('shows open runs of before the oldest event, in their place', () => {
    const open = { run_id: 'r0', thread_id: 't1', agent_name: 'old', started_offset: 3, pending_approvals: [] };
    const state = pageAfter(ready({ offset: 9, head_offset: 10, open_runs: [open] }), message(10, 'later'));
    expect(items(state)).toEqual(['run r0', 'message m-10']);
    expect(run(state, 'r0')).toMatchObject({ status: 'running', agent_name: 'old' });
  });

  it('starts over after a reset, from snapshots and what follows', () => {
    const open = { run_id: 'r1', thread_id: 't1', agent_name: 'analyst', started_offset: 40, pending_approvals: [] };
    const again = { epoch: 'e2', offset: 50, head_offset: 51, open_runs: [open] };
    const state = pageAfter(
      ready(),
      message(1, 'gone'),
      started(2, 'r0'),
      reset(again),
      ready({ ...again, recovery: 'reset' }),
      snapshot({ offset: 50 }),
      thinking(51, ', and on'),
    );
    expect(items(state)).toEqual(['run r1']);
    expect(run(state)?.thinking).toBe('so far, and on');
    expect(state.conversation.runs.has('r0')).toBe(false);
  });

  it('does not show a numbered copy of a volatile event twice', () => {
    const fields = { type: 'agent_thinking', run_id: 'r1', thread_id: 't1', event_id: 'v', payload: { delta: 'once' } };
    const state = pageAfter(started(1), event(fields), event({ ...fields, offset: 2 }, { replaces: 'volatile' }));
    expect(run(state)?.thinking).toBe('once');
    expect(state.conversation.traces.get('r1')?.segments.map(({ count }) => count)).toEqual([1, 1]);
  });

  it('joins consecutive events of a type into one dot, and counts those that were merged', () => {
    const delta = { type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x' } };
    const state = pageAfter(started(1), thinking(2, 'x'), event({ ...delta, offset: 5, merged: 3, prev: 2 }));
    expect(state.conversation.traces.get('r1')?.segments.at(-1)).toMatchObject({ from: 2, to: 5, count: 4 });
  });

  it('remembers what the user decided', () => {
    const call = { tool_call_id: 'c', tool_name: 'delete', args: {} };
    const asked = { type: 'tool_approval_requested', offset: 2, run_id: 'r1', payload: { ...call, expires_at: 9 } };
    const answer = { tool_call_id: 'c', approved: false };
    const before = pageAfter(started(1), event(asked));
    expect(run(before)?.pending_approvals).toHaveLength(1);
    const after = pageAfter(
      started(1),
      event(asked),
      event({ type: 'tool_approval_resolved', offset: 3, run_id: 'r1', payload: answer }),
    );
    expect(run(after)?.pending_approvals).toEqual([]);
    expect(after.conversation.traces.get('r1')?.decisions).toEqual({ c: { approved: false, toolName: 'delete' } });
  });
});
