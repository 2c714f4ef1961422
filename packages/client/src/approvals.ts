import type { JsonValue, OpenRun, PendingApproval, ReceivedEvent } from '@ws/types';

/** The approvals a run waits for after one of its events; the same array if the event changes none. */
export function applyToApprovals(
  approvals: readonly PendingApproval[],
  event: ReceivedEvent,
): readonly PendingApproval[] {
  switch (event.type) {
    case 'tool_approval_requested': {
      const { tool_call_id, tool_name, args, expires_at } = event.payload;
      return [...without(approvals, tool_call_id), { tool_call_id, tool_name, args, expires_at }];
    }
    case 'tool_approval_resolved':
    case 'tool_executing':
    case 'tool_completed':
      return without(approvals, event.payload.tool_call_id);
    case 'agent_completed':
      return approvals.length === 0 ? approvals : [];
    default:
      return approvals;
  }
}

function without(approvals: readonly PendingApproval[], toolCallId: string): readonly PendingApproval[] {
  const others = approvals.filter((approval) => approval.tool_call_id !== toolCallId);
  return others.length === approvals.length ? approvals : others;
}

/** The open runs with the arguments of one approval, which were omitted. */
export function withArgs(
  runs: readonly OpenRun[],
  runId: string,
  toolCallId: string,
  args: JsonValue,
): readonly OpenRun[] {
  const read = (approval: PendingApproval): PendingApproval => {
    if (approval.tool_call_id !== toolCallId || approval.args_omitted !== true) return approval;
    const { args_omitted: _, ...rest } = approval;
    return { ...rest, args };
  };
  return runs.map((run) =>
    run.run_id === runId ? { ...run, pending_approvals: run.pending_approvals.map(read) } : run,
  );
}

/** Approvals whose arguments are omitted, with those of `known` that are here by now; the same array if there are none. */
export function completed(
  approvals: readonly PendingApproval[],
  known: readonly PendingApproval[],
): readonly PendingApproval[] {
  const found = approvals.map((approval) => {
    if (approval.args_omitted !== true) return approval;
    const read = known.find(
      ({ tool_call_id, args_omitted }) => tool_call_id === approval.tool_call_id && args_omitted !== true,
    );
    return read ?? approval;
  });
  return found.some((approval, index) => approval !== approvals[index]) ? found : approvals;
}
