import type { ClientState, RunMap } from '@ws/client';
import { runActivity, type RunActivity } from '../run/run-activity.ts';
import type { Thread, ThreadMap } from '../state/threads.ts';

/** Conversations, the latest first. */
export function orderedThreads(threads: ThreadMap): readonly Thread[] {
  return [...threads.values()].sort((a, b) => b.lastAt - a.lastAt);
}

export function latestThread(threads: ThreadMap): Thread | undefined {
  return orderedThreads(threads)[0];
}

/** The runs of a conversation that have not ended, oldest first. */
export function workingRuns(thread: Thread | undefined, runs: RunMap): readonly string[] {
  const keys = thread?.items.filter(({ kind }) => kind === 'run').map(({ key }) => key) ?? [];
  return keys.filter((key) => runs.get(key)?.view.status === 'running');
}

/** What a conversation does: it works as long as one of its runs does. */
export function threadActivity(thread: Thread, runs: RunMap, client: ClientState): RunActivity {
  const open = workingRuns(thread, runs).flatMap((runId) => runs.get(runId)?.view ?? []);
  const activities = open.map((run) => runActivity(run, client));
  return (['working', 'asking', 'unknown'] as const).find((activity) => activities.includes(activity)) ?? 'ended';
}
