import type { EventInput, RunStatus } from '@ws/types';
import type { OpenRunEntry } from './run-table.ts';

/** How a run may end that its agent did not end itself. */
export type ClosingStatus = Exclude<RunStatus, 'completed'>;

/**
 * The events that end a run from outside, in order: each tool call that still executes fails, then the run completes with
 * `status`. Used when the owner doesn't do it: it was cancelled and does not answer, it left its run, or it is gone.
 */
export function closingEvents(run: OpenRunEntry, status: ClosingStatus, reason: string, now: number): EventInput[] {
  const envelope = { run_id: run.runId, ...(run.threadId === undefined ? {} : { thread_id: run.threadId }) };
  const events: EventInput[] = [];
  for (const [toolCallId, call] of run.toolCalls) {
    if (!call.executing) continue;
    events.push({
      ...envelope,
      type: 'tool_completed',
      payload: {
        tool_call_id: toolCallId,
        tool_name: call.toolName,
        success: false,
        error: reason,
        duration_ms: Math.max(0, now - call.startedAt),
      },
    });
  }
  events.push({
    ...envelope,
    type: 'agent_completed',
    payload: { status, error: reason, duration_ms: Math.max(0, now - run.startedAt) },
  });
  return events;
}
