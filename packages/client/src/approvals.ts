import type { PendingApproval, ReceivedEvent } from '@ws/types';

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
