import type { JsonObject, Offset, PendingApproval, RunState, VolatileEvent } from '@ws/types';

/** A run as a screen shows it: its folded state, with what a screen needs beside it. */
export interface RunView extends RunState {
  readonly run_id: string;
  readonly thread_id?: string;
  readonly parent_run_id?: string;
  readonly task?: string;
  /** Why it failed, where it did. */
  readonly error?: string;
  readonly usage?: JsonObject;
  readonly pending_approvals: readonly PendingApproval[];
  /** When its first event was accepted, in milliseconds since 1970; 0 where only a snapshot is known. */
  readonly started_at: number;
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
  readonly volatile: readonly VolatileEvent[];
}

/** All runs known, by run id, in the order in which they were first seen. Never changed in place. */
export type RunMap = ReadonlyMap<string, FoldedRun>;
