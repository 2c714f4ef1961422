import type { JsonObject, Offset, OpenRun, PendingApproval, ReceivedEvent, RunState } from '@ws/types';

/** A run as a screen shows it: its folded state, with what a screen needs beside it. Never changed in place. */
export interface RunView extends RunState {
  readonly run_id: string;
  readonly thread_id?: string;
  readonly parent_run_id?: string;
  readonly task?: string;
  /** Why it failed, where it did. */
  readonly error?: string;
  readonly usage?: JsonObject;
  readonly pending_approvals: readonly PendingApproval[];
}

/** A run with what is needed to fold on. */
export interface FoldedRun {
  /** What a screen shows: `confirmed`, with the volatile events on top. */
  readonly view: RunView;
  /** The fold of numbered events alone. */
  readonly confirmed: RunView;
  /** Everything up to here is in `confirmed`. */
  readonly offset: Offset;
  /** Events without an offset yet, in order. */
  readonly volatile: readonly ReceivedEvent[];
}

/** All runs known, by run id, in the order in which they were first seen. Never changed in place. */
export type RunMap = ReadonlyMap<string, FoldedRun>;

/** A run that began before this client listened: nothing is known but its id, and what an open run says of itself. */
export function joinedRun(runId: string, threadId: string | undefined, open?: OpenRun): RunView {
  return { ...emptyRun(runId, threadId, open), partial: true };
}

/** A run before its first event. */
export function emptyRun(runId: string, threadId: string | undefined, open?: OpenRun): RunView {
  return {
    run_id: runId,
    ...(threadId === undefined ? {} : { thread_id: threadId }),
    agent_name: open?.agent_name ?? '',
    status: 'running',
    thinking: '',
    response: '',
    tools: [],
    pending_approvals: open?.pending_approvals ?? [],
  };
}
