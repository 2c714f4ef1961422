import type { OpenRunInfo, UnifiedWebSocketManager } from '@ws/core';
import { isWebSocketError, type NumberedEvent } from '@ws/types';

/** A tool call that executes. */
export interface OpenToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** What legacy calls leave unsaid about a run, folded from its events. */
export interface OpenRunFacts {
  readonly runId: string;
  readonly threadId?: string;
  readonly agentName: string;
  readonly startedAt: number;
  /** Oldest first. */
  readonly toolCalls: readonly OpenToolCall[];
}

/** How far a run was read. */
interface Fold {
  epoch: string | undefined;
  after: number;
  startedAt: number | undefined;
  readonly toolCalls: Map<string, OpenToolCall>;
}

const PAGE = 1000;

// The stream is the memory; a fold only saves reading it again, and can be lost at any time.
const folds = new WeakMap<UnifiedWebSocketManager, Map<string, Fold>>();

/**
 * Reads an open run from the user's stream, so that a restart, another process or an end from outside never makes wrong what is
 * known of it.
 *
 * @param open - all open runs of the user: what is known of others is forgotten
 */
export async function readOpenRun(
  manager: UnifiedWebSocketManager,
  run: OpenRunInfo,
  open: readonly OpenRunInfo[],
): Promise<OpenRunFacts> {
  const fold = foldOf(manager, run, open);
  try {
    await readOn(manager, run, fold);
  } catch (error) {
    // While the log is away events wait for it (mode `degraded`): what was read before has to do.
    if (!isWebSocketError(error) || error.code !== 'LOG_UNAVAILABLE') throw error;
  }
  return {
    runId: run.runId,
    ...(run.threadId === undefined ? {} : { threadId: run.threadId }),
    agentName: run.agentName,
    startedAt: fold.startedAt ?? Date.now(),
    toolCalls: [...fold.toolCalls.values()],
  };
}

async function readOn(manager: UnifiedWebSocketManager, run: OpenRunInfo, fold: Fold): Promise<void> {
  for (;;) {
    const { epoch, events, headOffset } = await manager.history({ after: fold.after, limit: PAGE });
    if (fold.epoch !== undefined && fold.epoch !== epoch) restart(fold, run);
    fold.epoch = epoch;
    for (const event of events) {
      fold.after = event.offset;
      if (event.run_id !== run.runId) continue;
      fold.startedAt ??= event.timestamp;
      follow(fold.toolCalls, event);
    }
    if (events.length === 0 || fold.after >= headOffset) return;
  }
}

function foldOf(manager: UnifiedWebSocketManager, run: OpenRunInfo, open: readonly OpenRunInfo[]): Fold {
  const known = folds.get(manager) ?? new Map<string, Fold>();
  folds.set(manager, known);
  for (const runId of known.keys()) if (!open.some((other) => other.runId === runId)) known.delete(runId);
  const fold = known.get(run.runId) ?? {
    epoch: undefined,
    after: run.firstOffset - 1,
    startedAt: undefined,
    toolCalls: new Map<string, OpenToolCall>(),
  };
  known.set(run.runId, fold);
  return fold;
}

function restart(fold: Fold, run: OpenRunInfo): void {
  fold.after = run.firstOffset - 1;
  fold.startedAt = undefined;
  fold.toolCalls.clear();
}

function follow(calls: Map<string, OpenToolCall>, { type, payload, timestamp }: NumberedEvent): void {
  const { tool_call_id: id, tool_name: name } = payload;
  if (typeof id !== 'string' || typeof name !== 'string') return;
  if (type === 'tool_executing') calls.set(id, { toolCallId: id, toolName: name, startedAt: timestamp });
  if (type === 'tool_completed') calls.delete(id);
}
