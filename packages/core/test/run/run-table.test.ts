import { describe, expect, it } from 'vitest';
import { toRunId, toThreadId, type RunId, type RunStatus } from '@ws/types';
import { RunOverlay, RunTable, toOpenRun, type EndedRun, type OpenRunEntry } from '../../src/run/run-table.ts';

const [R1, R2, R3] = ['r1', 'r2', 'r3'].map(toRunId) as [RunId, RunId, RunId];

function entry(runId: RunId, more: Partial<OpenRunEntry> = {}): OpenRunEntry {
  return {
    runId,
    threadId: undefined,
    agentName: 'a',
    startedAt: 1,
    startedOffset: 1,
    toolCalls: new Map(),
    approvals: new Map(),
    decisions: new Map(),
    ...more,
  };
}

const ended = (status: RunStatus): EndedRun => ({ status, threadId: undefined });

function tableOf(...runIds: RunId[]): RunTable {
  const table = new RunTable();
  for (const runId of runIds) table.put(entry(runId));
  return table;
}

describe('an overlay on a run table', () => {
  it('shows its changes, and leaves the table as it is until it is merged', () => {
    const table = tableOf(R1);
    const overlay = new RunOverlay(table);
    overlay.end(R1, ended('failed'));
    overlay.put(entry(R2));
    expect([overlay.get(R1), overlay.get(R2)?.runId, overlay.endedStatus(R1)]).toEqual([undefined, R2, 'failed']);
    expect([table.get(R1)?.runId, table.get(R2), table.endedStatus(R1)]).toEqual([R1, undefined, undefined]);
    overlay.mergeInto(table);
    expect([table.get(R1), table.get(R2)?.runId, table.endedStatus(R1)]).toEqual([undefined, R2, 'failed']);
  });

  it('merges into what it was, where it changed nothing', () => {
    const table = tableOf(R1);
    new RunOverlay(table).mergeInto(table);
    expect([[...table.openRuns()].map(({ runId }) => runId), [...table.endedRuns()]]).toEqual([[R1], []]);
  });

  it('counts open runs through any number of layers', () => {
    const table = tableOf(R1, R2);
    const lower = new RunOverlay(table);
    const upper = new RunOverlay(lower);
    lower.put(entry(R1, { agentName: 'changed' }));
    lower.put(entry(R3));
    upper.end(R3, ended('completed'));
    upper.end(R1, ended('completed'));
    expect([table.openCount, lower.openCount, upper.openCount]).toEqual([2, 3, 1]);
  });

  it('counts a run that is new in it, and one that ended in it and was open before', () => {
    const overlay = new RunOverlay(tableOf(R1));
    overlay.put(entry(R2));
    expect(overlay.openCount).toBe(2);
    overlay.put(entry(R1, { agentName: 'changed' }));
    expect(overlay.openCount).toBe(2);
    overlay.end(R1, ended('completed'));
    expect(overlay.openCount).toBe(1);
  });

  it('counts a run that began and ended in it as none', () => {
    const overlay = new RunOverlay(tableOf());
    overlay.put(entry(R1));
    overlay.end(R1, ended('completed'));
    expect(overlay.openCount).toBe(0);
    expect(overlay.endedStatus(R1)).toBe('completed');
  });
});

describe('a run table', () => {
  it('remembers the last thousand ended runs', () => {
    const table = tableOf();
    for (let i = 0; i <= 1_000; i += 1) table.end(toRunId(`run-${i}`), ended('completed'));
    expect(table.endedStatus(toRunId('run-0'))).toBeUndefined();
    expect(table.endedStatus(toRunId('run-1'))).toBe('completed');
    expect([...table.endedRuns()]).toHaveLength(1_000);
  });

  it('shows a run to a client', () => {
    const approval = { tool_call_id: 'c1', tool_name: 'rm', args: {}, expires_at: 9 };
    expect(
      toOpenRun(
        entry(R1, {
          approvals: new Map([
            ['c1', approval],
            ['c2', { ...approval, expires_at: 8 }],
          ]),
        }),
        8,
      ),
    ).toEqual({
      run_id: 'r1',
      agent_name: 'a',
      started_offset: 1,
      pending_approvals: [approval],
    });
    expect(toOpenRun(entry(R1), 0)).not.toHaveProperty('thread_id');
    expect(toOpenRun(entry(R1, { threadId: toThreadId('t1') }), 0)).toHaveProperty('thread_id', 't1');
  });
});
