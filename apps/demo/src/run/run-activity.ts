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
  { openRunIds, pendingApprovals }: Pick<ThreadView, 'openRunIds' | 'pendingApprovals'>,
  isConnected: boolean,
): RunActivity {
  if (openRunIds.length === 0) return 'ended';
  if (!isConnected) return 'unknown';
  const asking = new Set(pendingApprovals.map(({ runId }) => runId));
  return openRunIds.every((runId) => asking.has(runId)) ? 'asking' : 'working';
}
