import type { JsonValue, PendingApproval } from '@ws/types';
import { shallowEqual } from './shallow-equal.ts';
import type { Shown } from './shown.ts';
import { NO_THREAD, type ThreadEntry } from './thread-log.ts';

/** An approval that waits for the user, with the run that asked. */
export interface ThreadApproval {
  readonly runId: string;
  readonly toolCallId: string;
  readonly toolName: string;
  /** What the tool is to be called with; `null` while it is still being read. */
  readonly args: JsonValue;
  /** The arguments are still being read: do not let the user approve. */
  readonly argsOmitted?: true;
  /** When the request lapses, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * A thread as a screen shows it. It does not change with the text of its runs: read those where they are shown, with `useRun`, and a
 * stream of tokens renders nothing else.
 */
export interface ThreadView {
  /** `undefined` for a thread that the server has not named yet, `null` for what belongs to no thread. */
  readonly threadId: string | null | undefined;
  /** Messages and runs, oldest first; those of this page that are still being sent are last. */
  readonly entries: readonly ThreadEntry[];
  /** Runs that have started and not ended. */
  readonly openRunIds: readonly string[];
  readonly pendingApprovals: readonly ThreadApproval[];
  /** A run is open, or a message is on its way. */
  readonly isWorking: boolean;
}

/** One thread of what is shown; `undefined` is the one that begins with a message on its way, `null` is what belongs to no thread. */
export function selectThread({ threads, runs, outbox }: Shown, threadId: string | null | undefined): ThreadView {
  const known = (threadId === undefined ? undefined : threads.get(threadId ?? NO_THREAD)) ?? [];
  const kept = known.filter((entry) => {
    if (entry.kind === 'message') return true;
    // The run store forgets old runs.
    const run = runs.get(entry.runId);
    return run !== undefined && (threadId !== null || run.thread_id === undefined);
  });
  const own = outbox.filter((entry) => entry.threadId === threadId).map(({ message }) => message);
  const open =
    threadId === undefined
      ? []
      : [...runs.values()].filter((run) => run.thread_id === (threadId ?? undefined) && run.status === 'running');
  return {
    threadId,
    entries: [...kept, ...own],
    openRunIds: open.map(({ run_id }) => run_id),
    pendingApprovals: open.flatMap(({ run_id, pending_approvals }) => approvalsOf(run_id, pending_approvals)),
    isWorking: open.length > 0 || own.some(({ status }) => status !== 'failed'),
  };
}

/** Whether two views of a thread show the same. */
export function isSameThread(left: ThreadView, right: ThreadView): boolean {
  return (
    left.threadId === right.threadId &&
    left.isWorking === right.isWorking &&
    shallowEqual(left.entries, right.entries) &&
    shallowEqual(left.openRunIds, right.openRunIds) &&
    shallowEqual(left.pendingApprovals, right.pendingApprovals)
  );
}

const made = new WeakMap<readonly PendingApproval[], readonly ThreadApproval[]>();

/** The same objects for the same approvals, so that they can be compared. */
function approvalsOf(runId: string, approvals: readonly PendingApproval[]): readonly ThreadApproval[] {
  const known = made.get(approvals) ?? approvals.map((approval) => toThreadApproval(runId, approval));
  made.set(approvals, known);
  return known;
}

function toThreadApproval(runId: string, approval: PendingApproval): ThreadApproval {
  const { tool_call_id, tool_name, args, args_omitted, expires_at } = approval;
  const omitted = args_omitted === undefined ? {} : { argsOmitted: args_omitted };
  return { runId, toolCallId: tool_call_id, toolName: tool_name, args, ...omitted, expiresAt: expires_at };
}
