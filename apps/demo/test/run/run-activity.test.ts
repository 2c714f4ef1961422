import { foldRuns, type ClientState, type RunMap } from '@ws/client';
import { describe, expect, it } from 'vitest';
import { runActivity } from '../../src/run/run-activity.ts';
import { completed, event, started } from '../page-inputs.ts';
import type { PageInput } from '../../src/state/page-input.ts';

function runAfter(...inputs: PageInput[]) {
  let runs: RunMap = new Map();
  for (const input of inputs) if (input.kind === 'item') runs = foldRuns(runs, input.item);
  const run = runs.get('r1');
  if (run === undefined) throw new Error('the run has begun');
  return run.view;
}

const LIVE: ClientState = { status: 'live' };
const WAITING: ClientState = { status: 'waiting', attempt: 1, retryInMs: 100 };
const asked = event({
  type: 'tool_approval_requested',
  offset: 2,
  run_id: 'r1',
  payload: { tool_call_id: 'c', tool_name: 'pay', args: {}, expires_at: 9 },
});

describe('what the page says of a run', () => {
  it('works only while the page hears of it', () => {
    expect(runActivity(runAfter(started(1)), LIVE)).toBe('working');
    expect(runActivity(runAfter(started(1)), WAITING)).toBe('unknown');
    expect(runActivity(runAfter(started(1)), { status: 'connecting', attempt: 1 })).toBe('unknown');
  });

  it('waits for the user while an approval is open', () => {
    expect(runActivity(runAfter(started(1), asked), LIVE)).toBe('asking');
    expect(runActivity(runAfter(started(1), asked), WAITING)).toBe('unknown');
  });

  it('has ended, whatever the connection', () => {
    expect(runActivity(runAfter(started(1), completed(2)), WAITING)).toBe('ended');
  });
});
