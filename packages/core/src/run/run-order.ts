import { WebSocketError, type RunId } from '@ws/types';
import { payloadOf, type RunEvent } from './run-event.ts';
import type { OpenRunEntry, RunView } from './run-table.ts';

/** Calls and approvals of one run that may be open at once: each is kept whole until it is over. */
const MAX_OPEN_PER_RUN = 1000;
/**
 * The order of a run, in one place:
 *
 * ```
 * agent_started ─▶ { anything, tool_executing ─▶ tool_completed } ─▶ agent_completed
 * ```
 *
 * Answers why an event may not come now, or `undefined` if it may. Reads only.
 */
export function judgeRunOrder(runs: RunView, event: RunEvent): WebSocketError | undefined {
  const { runId, type } = event;
  if (runId === undefined) return undefined;
  const run = runs.get(runId);
  if (type === 'agent_started') return judgeStart(runs, runId, run);
  if (run === undefined) return notOpen(runs, runId, type);
  if (event.threadId !== undefined && event.threadId !== run.threadId) {
    return new WebSocketError(
      'RUN_THREAD_MISMATCH',
      `${type}: run ${runId} belongs to ${run.threadId === undefined ? 'no thread' : `thread ${run.threadId}`}, not to thread ${event.threadId}`,
    );
  }
  switch (type) {
    case 'tool_executing':
      return judgeToolStart(run, payloadOf(event, 'tool_executing').tool_call_id);
    case 'tool_completed':
      return judgeToolEnd(run, payloadOf(event, 'tool_completed').tool_call_id);
    case 'tool_approval_requested':
      return judgeApprovalStart(run, payloadOf(event, 'tool_approval_requested').tool_call_id);
    case 'tool_approval_resolved':
      return judgeApprovalEnd(run, payloadOf(event, 'tool_approval_resolved').tool_call_id);
    case 'agent_completed':
      return judgeEnd(run);
    default:
      return undefined;
  }
}

function judgeStart(runs: RunView, runId: RunId, run: OpenRunEntry | undefined): WebSocketError | undefined {
  if (run !== undefined) {
    return new WebSocketError('RUN_ALREADY_STARTED', `agent_started: run ${runId} was started before`);
  }
  const ended = runs.endedStatus(runId);
  if (ended === undefined) return undefined;
  return new WebSocketError(
    'RUN_ALREADY_COMPLETED',
    `agent_started: run ${runId} has ended (${ended}): choose a new run id`,
  );
}

function notOpen(runs: RunView, runId: RunId, type: string): WebSocketError {
  const ended = runs.endedStatus(runId);
  if (ended === 'cancelled') {
    return new WebSocketError('RUN_CANCELLED', `${type}: run ${runId} was cancelled by its user: stop working on it`, {
      details: { status: ended },
    });
  }
  if (ended !== undefined) {
    return new WebSocketError('RUN_ALREADY_COMPLETED', `${type}: run ${runId} has ended (${ended})`, {
      details: { status: ended },
    });
  }
  return new WebSocketError('RUN_NOT_OPEN', `${type}: run ${runId} was not started: emit agent_started first`);
}

function judgeToolStart(run: OpenRunEntry, toolCallId: string): WebSocketError | undefined {
  if (!run.toolCalls.has(toolCallId)) {
    let executing = 0;
    for (const call of run.toolCalls.values()) if (call.executing) executing += 1;
    return executing < MAX_OPEN_PER_RUN ? undefined : tooManyOpen(run, 'tool_executing', 'tool calls');
  }
  return new WebSocketError(
    'TOOL_CALL_ALREADY_EXECUTING',
    `tool_executing: tool call ${toolCallId} was used before in run ${run.runId}: every call needs an id of its own`,
  );
}

function judgeToolEnd(run: OpenRunEntry, toolCallId: string): WebSocketError | undefined {
  if (run.toolCalls.get(toolCallId)?.executing === true) return undefined;
  const why = run.toolCalls.has(toolCallId) ? 'was completed before' : 'was never announced by tool_executing';
  return new WebSocketError(
    'TOOL_CALL_NOT_EXECUTING',
    `tool_completed: tool call ${toolCallId} of run ${run.runId} ${why}`,
  );
}

function judgeApprovalStart(run: OpenRunEntry, toolCallId: string): WebSocketError | undefined {
  if (!run.approvals.has(toolCallId)) {
    const { size } = run.approvals;
    return size < MAX_OPEN_PER_RUN ? undefined : tooManyOpen(run, 'tool_approval_requested', 'approvals');
  }
  return new WebSocketError(
    'APPROVAL_ALREADY_PENDING',
    `tool_approval_requested: tool call ${toolCallId} of run ${run.runId} waits for approval already`,
  );
}

function tooManyOpen(run: OpenRunEntry, type: string, what: string): WebSocketError {
  const message = `${type}: run ${run.runId} has ${MAX_OPEN_PER_RUN} open ${what}: end one first`;
  return new WebSocketError('RUN_LIMIT', message);
}

function judgeApprovalEnd(run: OpenRunEntry, toolCallId: string): WebSocketError | undefined {
  if (run.approvals.has(toolCallId)) return undefined;
  return new WebSocketError(
    'APPROVAL_NOT_PENDING',
    `no approval is pending for tool call ${toolCallId} of run ${run.runId}`,
  );
}

function judgeEnd(run: OpenRunEntry): WebSocketError | undefined {
  const open: string[] = [];
  for (const [id, call] of run.toolCalls) if (call.executing) open.push(id);
  if (open.length === 0) return undefined;
  return new WebSocketError(
    'TOOL_CALLS_OPEN',
    `agent_completed: run ${run.runId} has tool calls without tool_completed: ${open.join(', ')}`,
  );
}
