import { WebSocketError, type EventInput, type ProtocolEvents, type RunId, type RunStatus } from '@ws/types';
import type { OpenRunEntry } from './run-table.ts';

/** How a run may end that its agent did not end itself. */
export type ClosingStatus = Exclude<RunStatus, 'completed'>;

/** Why a run and its open tool calls ended, where the user cancelled it. */
export const CANCELLED_BY_USER = 'cancelled by the user';

/** Why a run failed that was neither completed nor given up. */
export const LEFT_BY_AGENT = 'the agent stopped without completing its run';

/** Characters of the message of an error that a user is shown. */
const MAX_REASON_CHARS = 4_096;

/**
 * What a user is shown of an error that an agent or a tool threw: its message. Where disposing of something failed on the way out, the
 * first error counts.
 */
export function shownReason(error: unknown): string {
  if (error instanceof Error && error.name === 'SuppressedError' && 'suppressed' in error)
    return shownReason(error.suppressed);
  return (error instanceof Error ? error.message : String(error)).slice(0, MAX_REASON_CHARS);
}

/** Why the signal of an agent is aborted whose run the user cancelled. */
export function cancelledByUser(runId: RunId): WebSocketError {
  return new WebSocketError('RUN_CANCELLED', `run ${runId} was cancelled by its user`);
}

/** What `agent_completed` says of a run that ends otherwise than completed. */
export interface RunEnding extends Omit<ProtocolEvents['agent_completed'], 'status' | 'duration_ms'> {
  readonly status: ClosingStatus;
}

/** What is read of the run. */
type EndedRun = Pick<OpenRunEntry, 'runId' | 'threadId' | 'toolCalls' | 'startedAt'>;

/**
 * The events that end a run whose tool calls may still execute, in order: each open tool call fails with `reason`, then the run
 * ends. The hub ends runs this way that were cancelled, left or lost; an agent does when it gives up in the middle of a call.
 *
 * @param now - milliseconds since 1970
 * @param elapsedMs - how long the run took, where its agent measured it; else what the time of its first event says
 */
export function closingEvents(
  run: EndedRun,
  ending: RunEnding,
  reason: string,
  now: number,
  elapsedMs = Math.max(0, now - run.startedAt),
): EventInput[] {
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
    payload: { ...ending, duration_ms: elapsedMs },
  });
  return events;
}
