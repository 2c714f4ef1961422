import type { PendingApproval } from '@ws/types';
import { shallowEqual } from './shallow-equal.ts';
import type { Shown } from './shown.ts';
import { NO_THREAD, type ThreadEntry } from './thread-log.ts';

/** An approval that waits for the user, with the run that asked. */
export interface ThreadApproval extends PendingApproval {
  readonly run_id: string;
}

/**
 * A thread as a screen shows it. It does not change with the text of its runs: read those where they are shown, with `useRun`, and a
 * stream of tokens renders nothing else.
 */
export interface ThreadView {
  /** `undefined` for a thread that the server has not named yet, `null` for what belongs to no thread. */
  readonly thread_id: string | null | undefined;
  /** Messages and runs, oldest first; those of this page that are still being sent are last. */
  readonly entries: readonly ThreadEntry[];
  /** Runs that have started and not ended. */
  readonly open_run_ids: readonly string[];
  readonly pending_approvals: readonly ThreadApproval[];
  /** A run is open, or a message is on its way. */
  readonly isWorking: boolean;
}

/** One thread of what is shown; `undefined` is the one that begins with a message on its way, `null` is what belongs to no thread. */
export function selectThread({ threads, runs, outbox }: Shown, threadId: string | null | undefined): ThreadView {
  const known = (threadId === undefined ? undefined : threads.get(threadId ?? NO_THREAD)) ?? [];
  const kept = known.filter((entry) => {
    if (entry.kind === 'message') return true;
    // The run store forgets old runs.
    const run = runs.get(entry.run_id);
    return run !== undefined && (threadId !== null || run.thread_id === undefined);
  });
  const own = outbox.filter((entry) => entry.threadId === threadId).map(({ message }) => message);
  const open =
    threadId === undefined
      ? []
      : [...runs.values()].filter((run) => run.thread_id === (threadId ?? undefined) && run.status === 'running');
  return {
    thread_id: threadId,
    entries: [...kept, ...own],
    open_run_ids: open.map(({ run_id }) => run_id),
    pending_approvals: open.flatMap(({ run_id, pending_approvals }) => approvalsOf(run_id, pending_approvals)),
    isWorking: open.length > 0 || own.some(({ status }) => status !== 'failed'),
  };
}

/** Whether two views of a thread show the same. */
export function isSameThread(left: ThreadView, right: ThreadView): boolean {
  return (
    left.thread_id === right.thread_id &&
    left.isWorking === right.isWorking &&
    shallowEqual(left.entries, right.entries) &&
    shallowEqual(left.open_run_ids, right.open_run_ids) &&
    shallowEqual(left.pending_approvals, right.pending_approvals)
  );
}

const made = new WeakMap<readonly PendingApproval[], readonly ThreadApproval[]>();

/** The same objects for the same approvals, so that they can be compared. */
function approvalsOf(runId: string, approvals: readonly PendingApproval[]): readonly ThreadApproval[] {
  const known = made.get(approvals) ?? approvals.map((approval) => ({ ...approval, run_id: runId }));
  made.set(approvals, known);
  return known;
}
