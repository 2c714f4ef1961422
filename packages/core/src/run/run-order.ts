import { WebSocketError, type JsonObject, type ProtocolEvents, type RunId, type ThreadId } from '@ws/types';
import type { OpenRunEntry, RunView } from './run-table.ts';

/** An event as the run rules see it. */
export interface RunEvent {
  readonly type: string;
  readonly runId?: RunId | undefined;
  readonly threadId?: ThreadId | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly payload: JsonObject;
}

const CHANGES_RUNS: ReadonlySet<string> = new Set([
  'agent_started',
  'tool_executing',
  'tool_completed',
  'tool_approval_requested',
  'tool_approval_resolved',
  'agent_completed',
]);

/** Whether events of this type change what is known of a run; the others need no look into their payload. */
export function changesRuns(type: string): boolean {
  return CHANGES_RUNS.has(type);
}

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

/** Writes down what an event changes. The event was judged before, or comes from a log whose writer did. */
export function applyRunEvent(runs: RunView, event: RunEvent, offset: number): void {
  const { runId, type } = event;
  if (runId === undefined) return;
  if (type === 'agent_started') {
    runs.put({
      runId,
      threadId: event.threadId,
      agentName: payloadOf(event, 'agent_started').agent_name,
      startedAt: event.timestamp,
      startedOffset: offset,
      toolCalls: new Map(),
      approvals: new Map(),
      decisions: new Map(),
    });
    return;
  }
  if (type === 'agent_completed') {
    runs.end(runId, payloadOf(event, 'agent_completed').status);
    return;
  }
  const run = runs.get(runId);
  if (run !== undefined) runs.put(changedRun(run, event));
}

function changedRun(run: OpenRunEntry, event: RunEvent): OpenRunEntry {
  switch (event.type) {
    case 'tool_executing': {
      const { tool_call_id, tool_name } = payloadOf(event, 'tool_executing');
      const call = { toolName: tool_name, executing: true, startedAt: event.timestamp };
      return {
        ...run,
        toolCalls: new Map(run.toolCalls).set(tool_call_id, call),
        approvals: without(run.approvals, tool_call_id),
      };
    }
    case 'tool_completed': {
      const { tool_call_id } = payloadOf(event, 'tool_completed');
      const call = run.toolCalls.get(tool_call_id);
      if (call === undefined) return run;
      return {
        ...run,
        toolCalls: new Map(run.toolCalls).set(tool_call_id, { ...call, executing: false }),
        approvals: without(run.approvals, tool_call_id),
      };
    }
    case 'tool_approval_requested': {
      const { tool_call_id, tool_name, args, expires_at } = payloadOf(event, 'tool_approval_requested');
      const approval = { tool_call_id, tool_name, args, expires_at };
      return {
        ...run,
        approvals: new Map(run.approvals).set(tool_call_id, approval),
        // Asked again: what was decided about it before says nothing now.
        decisions: without(run.decisions, tool_call_id),
      };
    }
    case 'tool_approval_resolved': {
      const { tool_call_id, approved } = payloadOf(event, 'tool_approval_resolved');
      return {
        ...run,
        approvals: without(run.approvals, tool_call_id),
        decisions: new Map(run.decisions).set(tool_call_id, approved),
      };
    }
    default:
      return run;
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
  if (!run.toolCalls.has(toolCallId)) return undefined;
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
  if (!run.approvals.has(toolCallId)) return undefined;
  return new WebSocketError(
    'APPROVAL_ALREADY_PENDING',
    `tool_approval_requested: tool call ${toolCallId} of run ${run.runId} waits for approval already`,
  );
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

function payloadOf<Type extends keyof ProtocolEvents>(event: RunEvent, _type: Type): ProtocolEvents[Type] {
  // The door (`parseEventInput`) has checked the payload against the schema of its type.
  return event.payload as unknown as ProtocolEvents[Type];
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
