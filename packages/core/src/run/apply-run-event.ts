import { payloadOf, type RunEvent } from './run-event.ts';
import type { OpenRunEntry, RunView, ToolCallEntry } from './run-table.ts';

/** Finished calls and decisions of one run that are remembered, the newest ones, so that an id used twice is noticed. */
const MAX_FINISHED_PER_RUN = 1000;

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
    const first = runs.get(runId)?.startedOffset;
    runs.end(runId, {
      status: payloadOf(event, 'agent_completed').status,
      threadId: event.threadId,
      offsets: first === undefined ? undefined : [first, offset],
    });
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
        toolCalls: finished(run.toolCalls, tool_call_id, call),
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
        decisions: newest(new Map(run.decisions).set(tool_call_id, approved)),
      };
    }
    default:
      return run;
  }
}

/** The calls with one that is over; of those the oldest is forgotten when there are too many. */
function finished(
  calls: OpenRunEntry['toolCalls'],
  toolCallId: string,
  call: ToolCallEntry,
): ReadonlyMap<string, ToolCallEntry> {
  const changed = new Map(calls).set(toolCallId, { ...call, executing: false });
  let over = -MAX_FINISHED_PER_RUN;
  for (const { executing } of changed.values()) if (!executing) over += 1;
  for (const [id, { executing }] of changed) {
    if (over <= 0) break;
    if (executing) continue;
    changed.delete(id);
    over -= 1;
  }
  return changed;
}

function newest<Value>(map: Map<string, Value>): ReadonlyMap<string, Value> {
  for (const key of map.keys()) {
    if (map.size <= MAX_FINISHED_PER_RUN) break;
    map.delete(key);
  }
  return map;
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
}
