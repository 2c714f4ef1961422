import type { RunView } from '@ws/client';
import type { ThreadView } from '@ws/react';

/**
 * What the page may say of a run. `asking`: it waits for the user. `unknown`: it was running when the connection broke, and the page
 * learns what became of it when it is connected again.
 */
export type RunActivity = 'working' | 'asking' | 'unknown' | 'ended';

export function runActivity(run: RunView, isConnected: boolean): RunActivity {
  if (run.status !== 'running') return 'ended';
  if (!isConnected) return 'unknown';
  return run.pending_approvals.length > 0 ? 'asking' : 'working';
}

/** What a conversation does: it works as long as one of its runs does. */
export function threadActivity(
  { open_run_ids, pending_approvals }: Pick<ThreadView, 'open_run_ids' | 'pending_approvals'>,
  isConnected: boolean,
): RunActivity {
  if (open_run_ids.length === 0) return 'ended';
  if (!isConnected) return 'unknown';
  const asking = new Set(pending_approvals.map(({ run_id }) => run_id));
  return open_run_ids.every((runId) => asking.has(runId)) ? 'asking' : 'working';
}
