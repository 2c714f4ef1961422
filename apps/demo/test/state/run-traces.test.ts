import { expect, it } from 'vitest';
import { completed, event, pageAfter, ready, reset, started, thinking } from '../page-inputs.ts';

const trace = (...inputs: Parameters<typeof pageAfter>) => pageAfter(...inputs).traces.get('r1');

it('knows when a run began and how long it took', () => {
  expect(trace(started(2), thinking(3, 'a'), completed(5))).toMatchObject({ startedAt: 1_002, durationMs: 42 });
});

it('counts the time of a run that was interrupted until it was last heard of', () => {
  const payload = { status: 'interrupted', error: 'the agent stopped responding', duration_ms: 3_600_000 };
  const ended = event({ type: 'agent_completed', offset: 9, run_id: 'r1', thread_id: 't1', payload });
  expect(trace(started(2), thinking(5, 'a'), ended)?.durationMs).toBe(3);
});

it('does not count a numbered copy of a volatile event twice', () => {
  const fields = { type: 'agent_thinking', run_id: 'r1', thread_id: 't1', event_id: 'v', payload: { delta: 'once' } };
  const copied = trace(started(1), event(fields), event({ ...fields, offset: 2 }, { replaces: 'volatile' }));
  expect(copied?.segments.map(({ count }) => count)).toEqual([1, 1]);
});

it('joins consecutive events of a type into one dot, and counts those that were merged', () => {
  const delta = { type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x' } };
  const joined = trace(started(1), thinking(2, 'x'), event({ ...delta, offset: 5, merged: 3, prev: 2 }));
  expect(joined?.segments.at(-1)).toMatchObject({ from: 2, to: 5, count: 4 });
});

it('remembers what the user decided', () => {
  const call = { tool_call_id: 'c', tool_name: 'delete', args: {}, expires_at: 9 };
  const asked = event({ type: 'tool_approval_requested', offset: 2, run_id: 'r1', payload: call });
  const answer = { tool_call_id: 'c', approved: false };
  const answered = event({ type: 'tool_approval_resolved', offset: 3, run_id: 'r1', payload: answer });
  expect(trace(started(1), asked)?.decisions).toEqual({});
  expect(trace(started(1), asked, answered)?.decisions).toEqual({ c: { approved: false, toolName: 'delete' } });
});

it('starts over with the stream', () => {
  expect(trace(ready(), started(1), reset())).toBeUndefined();
});
