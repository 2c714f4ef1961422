import type { JsonValue, Offset, OpenRun, PendingApproval, RunId, RunStatus, ThreadId } from '@ws/types';

/** What the run rules need to know of an open run: no text, only its shape. Never changed in place. */
export interface OpenRunEntry {
  readonly runId: RunId;
  readonly threadId: ThreadId | undefined;
  readonly agentName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly startedOffset: number;
  /** Every tool call of the run, by its id. */
  readonly toolCalls: ReadonlyMap<string, ToolCallEntry>;
  readonly approvals: ReadonlyMap<string, PendingApproval>;
  /** What was decided about approvals, so that a decision sent twice is one. */
  readonly decisions: ReadonlyMap<string, boolean>;
}

export interface ToolCallEntry {
  readonly toolName: string;
  readonly executing: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
}

/** A run that has ended: how, and the thread it belongs to, which decides who may touch it. */
export interface EndedRun {
  readonly status: RunStatus;
  readonly threadId: ThreadId | undefined;
  /** Of its first and its last event; missing where an older version made the checkpoint. */
  readonly offsets?: RunOffsets | undefined;
}

export type RunOffsets = readonly [first: Offset, last: Offset];

/** The newest run of a thread, open or ended. */
export interface NewestRun {
  readonly runId: RunId;
  readonly status: 'running' | RunStatus;
  readonly firstOffset: Offset;
  /** Missing while it is open. */
  readonly lastOffset: Offset | undefined;
}

/** Runs as the rules read and write them: the table of a stream, or an overlay while a batch is judged. */
export interface RunView {
  readonly openCount: number;
  get(runId: RunId): OpenRunEntry | undefined;
  endedStatus(runId: RunId): RunStatus | undefined;
  put(entry: OpenRunEntry): void;
  end(runId: RunId, run: EndedRun): void;
}

/** Ended runs remembered, newest last: enough to tell a late event from one of a run that never was. */
const MAX_ENDED_RUNS = 1000;
/** Runs remembered that messages reserve and that have not begun, the newest: as many as a user may have open by default. */
const MAX_RESERVED_RUNS = 100;

/** The runs of one stream as its events tell: which are open, which have ended and how. */
export class RunTable implements RunView {
  // Made when there is something to put in: many a user who is connected has no run.
  #open: Map<RunId, OpenRunEntry> | undefined;
  #ended: Map<RunId, EndedRun> | undefined;
  #reserved: Set<RunId> | undefined;

  get(runId: RunId): OpenRunEntry | undefined {
    return this.#open?.get(runId);
  }

  ended(runId: RunId): EndedRun | undefined {
    return this.#ended?.get(runId);
  }

  endedStatus(runId: RunId): RunStatus | undefined {
    return this.#ended?.get(runId)?.status;
  }

  /** A message came that reserves a run. */
  reserve(runId: RunId): void {
    if (this.get(runId) !== undefined || this.endedStatus(runId) !== undefined) return;
    const reserved = (this.#reserved ??= new Set());
    reserved.add(runId);
    if (reserved.size > MAX_RESERVED_RUNS) deleteOldest(reserved);
  }

  put(entry: OpenRunEntry): void {
    this.#reserved?.delete(entry.runId);
    (this.#open ??= new Map()).set(entry.runId, entry);
  }

  end(runId: RunId, run: EndedRun): void {
    this.#reserved?.delete(runId);
    this.#open?.delete(runId);
    const ended = (this.#ended ??= new Map<RunId, EndedRun>());
    ended.set(runId, run);
    if (ended.size > MAX_ENDED_RUNS) deleteOldest(ended);
  }

  get openCount(): number {
    return this.#open?.size ?? 0;
  }

  openRuns(): Iterable<OpenRunEntry> {
    return this.#open?.values() ?? [];
  }

  /** Runs that have to end some time: those that are open, and those that are reserved and have not begun. */
  *unended(): Iterable<RunId> {
    yield* this.#open?.keys() ?? [];
    yield* this.#reserved ?? [];
  }

  endedRuns(): Iterable<[RunId, EndedRun]> {
    return this.#ended?.entries() ?? [];
  }

  /** The run of a thread that began last, among those that are open and those that are remembered. */
  newestOf(threadId: ThreadId): NewestRun | undefined {
    let newest: NewestRun | undefined;
    for (const { runId, threadId: thread, startedOffset: firstOffset } of this.openRuns()) {
      if (thread !== threadId || (newest !== undefined && newest.firstOffset > firstOffset)) continue;
      newest = { runId, status: 'running', firstOffset, lastOffset: undefined };
    }
    for (const [runId, { status, threadId: thread, offsets }] of this.endedRuns()) {
      if (thread !== threadId || offsets === undefined) continue;
      const [firstOffset, lastOffset] = offsets;
      if (newest === undefined || newest.firstOffset < firstOffset) newest = { runId, status, firstOffset, lastOffset };
    }
    return newest;
  }
}

function deleteOldest(entries: Pick<Set<RunId>, 'keys' | 'delete'>): void {
  const oldest = entries.keys().next();
  if (oldest.done !== true) entries.delete(oldest.value);
}

/** Changes on top of a view that are thrown away once the batch is judged. Most batches change nothing, and cost nothing here. */
export class RunOverlay implements RunView {
  readonly #base: RunView;
  #changed: Map<RunId, OpenRunEntry> | undefined;
  #ended: Map<RunId, EndedRun> | undefined;

  constructor(base: RunView) {
    this.#base = base;
  }

  get(runId: RunId): OpenRunEntry | undefined {
    return this.#ended?.has(runId) === true ? undefined : (this.#changed?.get(runId) ?? this.#base.get(runId));
  }

  endedStatus(runId: RunId): RunStatus | undefined {
    return this.#ended?.get(runId)?.status ?? this.#base.endedStatus(runId);
  }

  put(entry: OpenRunEntry): void {
    (this.#changed ??= new Map()).set(entry.runId, entry);
  }

  end(runId: RunId, run: EndedRun): void {
    this.#changed?.delete(runId);
    (this.#ended ??= new Map<RunId, EndedRun>()).set(runId, run);
  }

  get openCount(): number {
    let count = this.#base.openCount;
    for (const runId of this.#changed?.keys() ?? []) if (this.#base.get(runId) === undefined) count += 1;
    for (const runId of this.#ended?.keys() ?? []) if (this.#base.get(runId) !== undefined) count -= 1;
    return count;
  }

  /** Keeps the changes of this overlay: the batch was found good and the next is judged on top of it. */
  mergeInto(base: RunView): void {
    for (const entry of this.#changed?.values() ?? []) base.put(entry);
    for (const [runId, run] of this.#ended ?? []) base.end(runId, run);
  }
}

/** An open run, for the code that runs in the same process. */
export interface OpenRunInfo {
  readonly runId: RunId;
  /** Missing for a run of no thread. */
  readonly threadId?: ThreadId;
  readonly agentName: string;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Offset of its `agent_started`. */
  readonly firstOffset: Offset;
  /** Approvals that wait for the user. */
  readonly pendingApprovals: readonly PendingApprovalInfo[];
}

export interface PendingApprovalInfo {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly args: JsonValue;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** The entry as the manager shows it: without approvals whose time is over by `now`. */
export function toOpenRunInfo(entry: OpenRunEntry, now: number): OpenRunInfo {
  const { runId, threadId, agentName, startedAt, startedOffset: firstOffset, approvals } = entry;
  const pendingApprovals = [...approvals.values()]
    .filter(({ expires_at }) => expires_at > now)
    .map((it) => ({ toolCallId: it.tool_call_id, toolName: it.tool_name, args: it.args, expiresAt: it.expires_at }));
  return {
    runId,
    ...(threadId === undefined ? {} : { threadId }),
    agentName,
    startedAt,
    firstOffset,
    pendingApprovals,
  };
}

/** The entry as `connection_ready` shows it: an approval whose time is over by `now` is no longer offered. */
export function toOpenRun(entry: OpenRunEntry, now: number): OpenRun {
  return {
    run_id: entry.runId,
    ...(entry.threadId === undefined ? {} : { thread_id: entry.threadId }),
    agent_name: entry.agentName,
    started_offset: entry.startedOffset,
    pending_approvals: [...entry.approvals.values()].filter(({ expires_at }) => expires_at > now),
  };
}
