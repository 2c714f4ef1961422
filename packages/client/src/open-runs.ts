import type { OpenRun, StreamEvent } from '@ws/types';
import { applyToApprovals } from './approvals.ts';

/** The open runs after an event; the same array if it changes none. */
export function applyToOpenRuns(runs: readonly OpenRun[], event: StreamEvent): readonly OpenRun[] {
  const { run_id, thread_id, offset } = event;
  if (run_id === undefined) return runs;
  const index = runs.findIndex((run) => run.run_id === run_id);
  const run = runs[index];
  if (run === undefined) {
    if (event.type !== 'agent_started') return runs;
    const thread = thread_id === undefined ? {} : { thread_id };
    const { agent_name } = event.payload;
    return [...runs, { run_id, ...thread, agent_name, started_offset: offset, pending_approvals: [] }];
  }
  if (event.type === 'agent_completed') return runs.toSpliced(index, 1);
  const pending_approvals = applyToApprovals(run.pending_approvals, event);
  return pending_approvals === run.pending_approvals ? runs : runs.with(index, { ...run, pending_approvals });
}
