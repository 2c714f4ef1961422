import type { PendingApproval, ReceivedEvent, ToolCallState, ToolCompletedPayload } from '@ws/types';
import type { RunView } from './run-view.ts';

/** A run after one more of its events; the same object if the event changes nothing that is shown. */
export function applyToRun(run: RunView, event: ReceivedEvent): RunView {
  switch (event.type) {
    case 'agent_started': {
      const { agent_name, task, parent_run_id } = event.payload;
      return {
        ...run,
        agent_name,
        ...(task === undefined ? {} : { task }),
        ...(parent_run_id === undefined ? {} : { parent_run_id }),
      };
    }
    case 'agent_thinking':
      return { ...run, thinking: run.thinking + event.payload.delta };
    case 'agent_response_chunk':
      return { ...run, response: run.response + event.payload.delta };
    case 'tool_executing': {
      const { tool_call_id, tool_name, args } = event.payload;
      return { ...run, tools: [...run.tools, { tool_call_id, tool_name, args, status: 'executing' }] };
    }
    case 'tool_completed':
      return {
        ...run,
        tools: completeTool(run.tools, event.payload),
        pending_approvals: without(run.pending_approvals, event.payload.tool_call_id),
      };
    case 'tool_approval_requested': {
      const { tool_call_id, tool_name, args, expires_at } = event.payload;
      const others = without(run.pending_approvals, tool_call_id);
      return { ...run, pending_approvals: [...others, { tool_call_id, tool_name, args, expires_at }] };
    }
    case 'tool_approval_resolved':
      return { ...run, pending_approvals: without(run.pending_approvals, event.payload.tool_call_id) };
    case 'agent_completed': {
      const { status, final_response, error, usage } = event.payload;
      return {
        ...run,
        status,
        pending_approvals: [],
        ...(final_response === undefined ? {} : { response: final_response }),
        ...(error === undefined ? {} : { error }),
        ...(usage === undefined ? {} : { usage }),
      };
    }
    default:
      return run;
  }
}

function completeTool(tools: readonly ToolCallState[], completed: ToolCompletedPayload): readonly ToolCallState[] {
  const { tool_call_id, tool_name, success, result, error, duration_ms } = completed;
  const index = tools.findIndex((tool) => tool.tool_call_id === tool_call_id);
  const tool: ToolCallState = {
    tool_call_id,
    tool_name,
    // A run that was joined in its midst: what the tool was called with is not known.
    args: tools[index]?.args ?? null,
    status: success ? 'completed' : 'failed',
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    duration_ms,
  };
  return index === -1 ? [...tools, tool] : tools.with(index, tool);
}

function without(approvals: readonly PendingApproval[], toolCallId: string): readonly PendingApproval[] {
  return approvals.filter((approval) => approval.tool_call_id !== toolCallId);
}
