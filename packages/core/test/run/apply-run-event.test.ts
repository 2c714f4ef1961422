import { describe, expect, it } from 'vitest';
import { toRunId } from '@ws/types';
import { applyRunEvent, changesRuns } from '../../src/run/apply-run-event.ts';
import type { RunEvent } from '../../src/run/run-event.ts';
import { RunTable, type OpenRunEntry } from '../../src/run/run-table.ts';
import { asked, decided, ended, runEvent, started, toolEnd, toolStart } from '../support/run-events.ts';

const R1 = toRunId('r1');

function tableAfter(...events: readonly RunEvent[]): RunTable {
  const runs = new RunTable();
  events.forEach((event, index) => applyRunEvent(runs, event, index + 1));
  return runs;
}

const after = (...events: readonly RunEvent[]): OpenRunEntry | undefined => tableAfter(started, ...events).get(R1);

describe('what an event changes of a run', () => {
  it('is its beginning', () => {
    expect(after()).toEqual({
      runId: 'r1',
      threadId: 't1',
      agentName: 'a',
      startedAt: 1_000,
      startedOffset: 1,
      toolCalls: new Map(),
      approvals: new Map(),
      decisions: new Map(),
    });
  });

  it('is its tool calls, which keep their names and beginnings when they are over', () => {
    const call = { toolName: 'read', startedAt: 1_000 };
    expect(after(toolStart('c1'))?.toolCalls).toEqual(new Map([['c1', { ...call, executing: true }]]));
    expect(after(toolStart('c1'), toolEnd('c1'))?.toolCalls).toEqual(new Map([['c1', { ...call, executing: false }]]));
  });

  it('is its approvals: asked for, decided, asked for again, and void when the tool runs or is over', () => {
    const pending = { tool_call_id: 'c1', tool_name: 'read', args: {}, expires_at: 9 };
    expect(after(asked('c1'))?.approvals).toEqual(new Map([['c1', pending]]));
    const yes = after(asked('c1'), decided('c1'));
    expect([yes?.approvals, yes?.decisions]).toEqual([new Map(), new Map([['c1', true]])]);
    const again = after(asked('c1'), decided('c1'), asked('c1'));
    expect([again?.approvals.size, again?.decisions]).toEqual([1, new Map()]);
    const other = after(asked('c1'), asked('c2'), decided('c2', false));
    expect([[...(other?.approvals.keys() ?? [])], other?.decisions]).toEqual([['c1'], new Map([['c2', false]])]);
    expect(after(asked('c1'), toolStart('c1'))?.approvals.size).toBe(0);
    expect(after(toolStart('c1'), asked('c1'), toolEnd('c1'))?.approvals.size).toBe(0);
  });

  it('is its end', () => {
    const runs = tableAfter(started, ended('failed'));
    expect([runs.openCount, runs.endedStatus(R1)]).toEqual([0, 'failed']);
  });

  it('is nothing where the event is of no run, of an unknown one, or of a call never heard of', () => {
    const runs = tableAfter(started);
    const before = runs.get(R1);
    applyRunEvent(runs, runEvent('agent_started', { agent_name: 'b' }, { runId: undefined }), 2);
    applyRunEvent(runs, runEvent('agent_completed', { status: 'failed', duration_ms: 1 }, { runId: undefined }), 2);
    applyRunEvent(runs, { ...toolStart('c1'), runId: toRunId('r2') }, 2);
    applyRunEvent(runs, toolEnd('c1'), 3);
    applyRunEvent(runs, runEvent('agent_thinking', { delta: 'x' }), 4);
    expect([[...runs.openRuns()], [...runs.endedRuns()]]).toEqual([[before], []]);
  });

  it.each([
    ['agent_started', true],
    ['tool_executing', true],
    ['tool_completed', true],
    ['tool_approval_requested', true],
    ['tool_approval_resolved', true],
    ['agent_completed', true],
    ['agent_thinking', false],
    ['agent_response_chunk', false],
    ['user_message', false],
    ['invoice_ready', false],
  ])('is looked for in %s: %s', (type, expected) => {
    expect(changesRuns(type)).toBe(expected);
  });
});

describe('a run with very many calls', () => {
  it('forgets the calls that were over first, and none that executes', () => {
    const calls = Array.from({ length: 1_002 }, (_, i) => [toolStart(`c${i}`), toolEnd(`c${i}`)]).flat();
    const { toolCalls = new Map() } = after(toolStart('slow'), ...calls) ?? {};
    expect([toolCalls.size, toolCalls.has('slow')]).toEqual([1_001, true]);
    expect(['c0', 'c1', 'c2', 'c1001'].map((id) => toolCalls.has(id))).toEqual([false, false, true, true]);
  });

  it('forgets the oldest decisions', () => {
    const decisions = Array.from({ length: 1_001 }, (_, i) => [asked(`c${i}`), decided(`c${i}`)]).flat();
    const known = after(...decisions)?.decisions;
    expect([known?.size, known?.has('c0'), known?.has('c1')]).toEqual([1_000, false, true]);
  });
});
