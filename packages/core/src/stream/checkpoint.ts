import {
  foldRunEvent,
  WebSocketError,
  type FoldableEvent,
  type PendingApproval,
  type RunId,
  type RunState,
  type RunStatus,
  type ThreadId,
} from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';
import { applyRunEvent } from '../run/apply-run-event.ts';
import type { RunEvent } from '../run/run-event.ts';
import { RunTable, type RunOffsets, type ToolCallEntry } from '../run/run-table.ts';
import { deltaText } from './delta-text.ts';
import { toRunEvent } from './event-codec.ts';
import { SNAPSHOT_LIMIT, withinLimit, type SnapshotLimit } from './snapshot-limit.ts';

/** An open run at a checkpoint: what the run rules need, and what a screen shows. */
interface CheckpointRun {
  readonly run_id: RunId;
  readonly thread_id?: ThreadId;
  readonly started_at: number;
  readonly started_offset: number;
  readonly tool_calls: readonly (ToolCallEntry & { readonly id: string })[];
  readonly approvals: readonly PendingApproval[];
  readonly decisions: readonly (readonly [string, boolean])[];
  readonly state: RunState;
}

/** The fold of everything a stream has let go of: stored by `EventLog.trim` in place of the events. */
export interface Checkpoint {
  /** Holds every event up to here. */
  readonly offset: number;
  readonly open: readonly CheckpointRun[];
  /** The thread is missing for a run of no thread, and in checkpoints that were written before it was kept. */
  readonly ended: readonly (readonly [RunId, RunStatus, ThreadId?])[];
  /** Of each ended run, in the order of `ended`; missing in checkpoints that were written before they were kept. */
  readonly ended_offsets?: readonly (RunOffsets | null)[];
}

export const EMPTY_CHECKPOINT: Checkpoint = { offset: 0, open: [], ended: [] };

/** Folds `events`, the ones that follow `checkpoint`, on top of it. What it keeps of a run is limited. */
export function advanceCheckpoint(
  checkpoint: Checkpoint,
  events: readonly LogEvent[],
  limit: SnapshotLimit = SNAPSHOT_LIMIT,
): Checkpoint {
  const fold = new CheckpointFold(checkpoint);
  fold.take(events);
  return fold.finish(limit);
}

/** Folds events on top of a checkpoint, page by page. */
export class CheckpointFold {
  readonly #runs: RunTable;
  readonly #folds: RunFolds;
  #offset: number;

  constructor(checkpoint: Checkpoint) {
    this.#runs = restoreRuns(checkpoint);
    this.#folds = new RunFolds(checkpoint);
    this.#offset = checkpoint.offset;
  }

  /** Offset of the last event that was folded. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the events that follow. */
  take(events: readonly LogEvent[]): void {
    for (const logged of events) {
      const event = this.#folds.take(logged);
      if (event !== undefined) applyRunEvent(this.#runs, event, logged.offset);
      this.#offset = logged.offset;
    }
  }

  finish(limit: SnapshotLimit = SNAPSHOT_LIMIT): Checkpoint {
    const states = this.#folds.states();
    const open: CheckpointRun[] = [];
    for (const run of this.#runs.openRuns()) {
      const state = states.get(run.runId);
      if (state === undefined) continue;
      open.push({
        run_id: run.runId,
        ...(run.threadId === undefined ? {} : { thread_id: run.threadId }),
        started_at: run.startedAt,
        started_offset: run.startedOffset,
        tool_calls: [...run.toolCalls].map(([id, call]) => ({ id, ...call })),
        approvals: [...run.approvals.values()],
        decisions: [...run.decisions],
        state: withinLimit(state, limit),
      });
    }
    return { offset: this.#offset, open, ...endedRuns(this.#runs) };
  }
}

/**
 * The states of runs, event by event. Most events are deltas: the text of those that follow each other in a run is gathered as it stands
 * in the log, and decoded once.
 */
class RunFolds {
  readonly #states: Map<RunId, RunState>;
  /** The newest deltas of runs, escaped as in JSON. */
  readonly #gathered = new Map<RunId, { readonly type: string; escaped: string }>();

  constructor({ open }: Checkpoint) {
    this.#states = new Map(open.map((run): [RunId, RunState] => [run.run_id, run.state]));
  }

  /** Takes the next event. Returns what is to be known of it besides: nothing for a delta, and for an event of no run. */
  take(logged: LogEvent): RunEvent | undefined {
    const { runId, type } = logged;
    if (runId === undefined) return undefined;
    const escaped = deltaText(logged)?.escaped;
    const text = this.#gathered.get(runId);
    if (escaped !== undefined && text?.type === type) {
      text.escaped += escaped;
      return undefined;
    }
    this.#foldText(runId);
    if (escaped !== undefined) {
      this.#gathered.set(runId, { type, escaped });
      return undefined;
    }
    const event = toRunEvent(logged);
    this.#fold(runId, event);
    return event;
  }

  states(): ReadonlyMap<RunId, RunState> {
    for (const runId of [...this.#gathered.keys()]) this.#foldText(runId);
    return this.#states;
  }

  #foldText(runId: RunId): void {
    const text = this.#gathered.get(runId);
    if (text === undefined) return;
    this.#gathered.delete(runId);
    const delta = JSON.parse(`"${text.escaped}"`) as string;
    this.#fold(runId, { type: text.type, payload: { delta } });
  }

  #fold(runId: RunId, event: FoldableEvent): void {
    this.#states.set(runId, foldRunEvent(this.#states.get(runId), event));
  }
}

function endedRuns(runs: RunTable): Required<Pick<Checkpoint, 'ended' | 'ended_offsets'>> {
  const ended = [...runs.endedRuns()];
  return {
    ended: ended.map(([runId, { status, threadId }]) =>
      threadId === undefined ? [runId, status] : [runId, status, threadId],
    ),
    ended_offsets: ended.map(([, { offsets }]) => offsets ?? null),
  };
}

/** The run table as it was at a checkpoint. */
export function restoreRuns(checkpoint: Checkpoint): RunTable {
  const runs = new RunTable();
  for (const [index, [runId, status, threadId]] of checkpoint.ended.entries()) {
    runs.end(runId, { status, threadId, offsets: checkpoint.ended_offsets?.[index] ?? undefined });
  }
  for (const run of checkpoint.open) {
    runs.put({
      runId: run.run_id,
      threadId: run.thread_id,
      agentName: run.state.agent_name,
      startedAt: run.started_at,
      startedOffset: run.started_offset,
      toolCalls: new Map(run.tool_calls.map(({ id, ...call }) => [id, call])),
      approvals: new Map(run.approvals.map((approval) => [approval.tool_call_id, approval])),
      decisions: new Map(run.decisions),
    });
  }
  return runs;
}

export function encodeCheckpoint(checkpoint: Checkpoint): string {
  return JSON.stringify(checkpoint);
}

/** Reads a stored checkpoint. Throws `LOG_CORRUPT` for anything else. */
export function decodeCheckpoint(text: string): Checkpoint {
  try {
    const decoded: unknown = JSON.parse(text);
    if (isCheckpoint(decoded)) return decoded;
  } catch (cause) {
    throw new WebSocketError('LOG_CORRUPT', 'a checkpoint in the log is not valid JSON', { cause });
  }
  throw new WebSocketError('LOG_CORRUPT', 'a checkpoint in the log has not the shape this version writes');
}

/** Whether a value has the shape of a checkpoint, as deep as its readers rely on it. */
function isCheckpoint(value: unknown): value is Checkpoint {
  return (
    isObject(value) &&
    typeof value['offset'] === 'number' &&
    isArrayOf(value['open'], isCheckpointRun) &&
    isArrayOf(value['ended'], Array.isArray) &&
    isArrayOf(value['ended_offsets'] ?? [], (offsets) => offsets === null || Array.isArray(offsets))
  );
}

function isCheckpointRun(value: unknown): boolean {
  return (
    isObject(value) &&
    typeof value['run_id'] === 'string' &&
    isObject(value['state']) &&
    isArrayOf(value['tool_calls'], isObject) &&
    isArrayOf(value['approvals'], isObject) &&
    isArrayOf(value['decisions'], Array.isArray)
  );
}

function isArrayOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
