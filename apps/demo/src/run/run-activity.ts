import type { ClientState, RunView } from '@ws/client';

/**
 * What the page may say of a run. `asking`: it waits for the user. `unknown`: it was running when the connection broke, and the page
 * learns what became of it when it is connected again.
 */
export type RunActivity = 'working' | 'asking' | 'unknown' | 'ended';

export function runActivity(run: RunView, client: ClientState): RunActivity {
  if (run.status !== 'running') return 'ended';
  if (!isConnected(client)) return 'unknown';
  return run.pending_approvals.length > 0 ? 'asking' : 'working';
}

/** Whether the page hears of what happens at the server. */
export function isConnected({ status }: ClientState): boolean {
  return status === 'live' || status === 'catching_up' || status === 'lagging' || status === 'paused';
}
