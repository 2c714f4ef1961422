import type { OpenRunInfo, UnifiedWebSocketManager } from '@ws/core';
import { WebSocketError } from '@ws/types';
import type { LegacyEvent } from './legacy-event.ts';
import { readOpenRun, type OpenRunFacts } from './open-run-facts.ts';

/** The run an event is about: one that is open, or one that has to be started with this id. */
export type RunOfEvent =
  | { readonly kind: 'open'; readonly run: OpenRunFacts }
  | { readonly kind: 'new'; readonly runId: string; readonly threadId: string | undefined };

/**
 * Finds the run of a legacy event. One that names its run is about that; `agent_started` without one begins a new run; any other
 * belongs to the one open run that fits its thread and agent.
 *
 * @throws `INVALID_EVENT` where several runs fit: which one is meant is never guessed
 */
export async function runOfEvent(manager: UnifiedWebSocketManager, event: LegacyEvent): Promise<RunOfEvent> {
  const open = await manager.openRuns();
  if (event.runId !== undefined) {
    const named = open.find((run) => run.runId === event.runId);
    return named === undefined ? fresh(manager, event, event.runId) : openRun(manager, named, open);
  }
  if (event.type === 'agent_started') return fresh(manager, event, newRunId());
  const fitting = open.filter((run) => fits(run, event));
  if (fitting.length > 1) {
    const message = `${event.type}: ${fitting.length} runs are open and the legacy call names none: give it a run_id`;
    throw new WebSocketError('INVALID_EVENT', message);
  }
  const [only] = fitting;
  return only === undefined ? fresh(manager, event, newRunId()) : openRun(manager, only, open);
}

/** An id for a run that a legacy call begins without one. */
export function newRunId(): string {
  return `legacy-${globalThis.crypto.randomUUID()}`;
}

async function openRun(
  manager: UnifiedWebSocketManager,
  run: OpenRunInfo,
  open: readonly OpenRunInfo[],
): Promise<RunOfEvent> {
  return { kind: 'open', run: await readOpenRun(manager, run, open) };
}

function fresh(manager: UnifiedWebSocketManager, { threadId }: LegacyEvent, runId: string): RunOfEvent {
  return { kind: 'new', runId, threadId: threadId ?? manager.isolatedThread };
}

function fits(run: OpenRunInfo, { fields, threadId }: LegacyEvent): boolean {
  const { agent_name: agentName } = fields;
  const isSameThread = threadId === undefined || run.threadId === threadId;
  return isSameThread && (typeof agentName !== 'string' || run.agentName === agentName);
}
