import { foldRuns, type RunMap } from '@ws/client';
import { describe, expect, it } from 'vitest';
import { runActivity, threadActivity } from '../../src/run/run-activity.ts';
import { completed, event, started } from '../page-inputs.ts';
import type { PageInput } from '../../src/state/page-input.ts';

function runAfter(...inputs: PageInput[]) {
  let runs: RunMap = new Map();
  for (const input of inputs) if (input.kind === 'item') runs = foldRuns(runs, input.item);
  const run = runs.get('r1');
  if (run === undefined) throw new Error('the run has begun');
  return run.view;
}

const asked = event({
  type: 'tool_approval_requested',
  offset: 2,
  run_id: 'r1',
  payload: { tool_call_id: 'c', tool_name: 'pay', args: {}, expires_at: 9 },
});

describe('what the page says of a run', () => {
  it('works only while the page hears of it', () => {
    expect(runActivity(runAfter(started(1)), true)).toBe('working');
    expect(runActivity(runAfter(started(1)), false)).toBe('unknown');
  });

  it('waits for the user while an approval is open', () => {
    expect(runActivity(runAfter(started(1), asked), true)).toBe('asking');
    expect(runActivity(runAfter(started(1), asked), false)).toBe('unknown');
  });

  it('has ended, whatever the connection', () => {
    expect(runActivity(runAfter(started(1), completed(2)), false)).toBe('ended');
  });
});

describe('what the page says of a conversation', () => {
  const of = (open: readonly string[], asking: readonly string[], isConnected = true) => {
    const call = { toolCallId: 'c', toolName: 'pay', args: {}, expiresAt: 9 };
    const pendingApprovals = asking.map((runId) => ({ ...call, runId }));
    return threadActivity({ openRunIds: open, pendingApprovals }, isConnected);
  };

  it('works as long as one of its runs does, and else waits for the user', () => {
    expect(of([], [])).toBe('ended');
    expect(of(['r1', 'r2'], ['r1', 'r1'])).toBe('working');
    expect(of(['r1', 'r2'], ['r1', 'r2'])).toBe('asking');
  });

  it('is not known while the page hears nothing', () => {
    expect(of(['r1'], ['r1'], false)).toBe('unknown');
    expect(of([], [], false)).toBe('ended');
  });
});
