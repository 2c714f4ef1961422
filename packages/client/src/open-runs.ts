import type { OpenRun, ReceivedEvent } from '@ws/types';

/** The open runs after an event; the same array if it changes none. */
export function applyToOpenRuns(runs: readonly OpenRun[], event: ReceivedEvent): readonly OpenRun[] {
  const { run_id, thread_id, offset } = event;
  // A volatile event is followed by its numbered copy, which tells where the run started.
  if (run_id === undefined || offset === undefined) return runs;
  switch (event.type) {
    case 'agent_started': {
      if (runs.some((run) => run.run_id === run_id)) return runs;
      const { agent_name } = event.payload;
      const thread = thread_id === undefined ? {} : { thread_id };
      return [...runs, { run_id, ...thread, agent_name, started_offset: offset, pending_approvals: [] }];
    }
    case 'agent_completed': {
      const open = runs.filter((run) => run.run_id !== run_id);
      return open.length === runs.length ? runs : open;
    }
    case 'tool_approval_requested': {
      const { tool_call_id, tool_name, args, expires_at } = event.payload;
      return withApprovals(runs, run_id, (approvals) => [
        ...approvals.filter((approval) => approval.tool_call_id !== tool_call_id),
        { tool_call_id, tool_name, args, expires_at },
      ]);
    }
    case 'tool_approval_resolved':
    case 'tool_completed': {
      const { tool_call_id } = event.payload;
      return withApprovals(runs, run_id, (approvals) =>
        approvals.some((approval) => approval.tool_call_id === tool_call_id)
          ? approvals.filter((approval) => approval.tool_call_id !== tool_call_id)
          : approvals,
      );
    }
    default:
      return runs;
  }
}

function withApprovals(
  runs: readonly OpenRun[],
  runId: string,
  change: (approvals: OpenRun['pending_approvals']) => OpenRun['pending_approvals'],
): readonly OpenRun[] {
  const index = runs.findIndex((run) => run.run_id === runId);
  const run = runs[index];
  if (run === undefined) return runs;
  const pending_approvals = change(run.pending_approvals);
  return pending_approvals === run.pending_approvals ? runs : runs.with(index, { ...run, pending_approvals });
}
