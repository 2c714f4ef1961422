import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCluster } from '../cluster/local-cluster.ts';
import { call } from '../server/service-api.ts';
import { eventAt } from '../soak/script.ts';
import { brokenRuns, compareHistories, type HeldEvent } from './history.ts';
import type { ChaosUser } from './chaos-user.ts';

const PAGE = 1_000;
const PAGE_MS = 30_000;

/** Everything the log holds of a user, as a server reads it out. */
export async function readLog({ url }: Pick<LocalCluster, 'url'>, userId: string): Promise<readonly HeldEvent[]> {
  const events: HeldEvent[] = [];
  for (let from = 'earliest'; ;) {
    const { status, body, retryAfterMs } = await call(`${url}/v1/users/${userId}/events?from=${from}&limit=${PAGE}`, {
      timeoutMs: PAGE_MS,
    });
    // The audit reads the streams of all users with one key.
    if (status === 429 && retryAfterMs !== undefined) {
      await wait(retryAfterMs);
      continue;
    }
    if (status !== 200) throw new Error(`the history of ${userId} was refused with ${status}`);
    const page = body as { readonly events: readonly HeldEvent[]; readonly next_from?: string };
    events.push(...page.events);
    if (page.next_from === undefined) return events;
    from = page.next_from;
  }
}

/** What is wrong with a user's stream and with what their clients hold of it. */
export function auditUser(user: ChaosUser, log: readonly HeldEvent[]): readonly string[] {
  const wrong: string[] = [...brokenRuns(log)];
  const gap = log.findIndex(({ offset }, index) => offset !== index + 1);
  if (gap >= 0) wrong.push(`the log has offset ${log[gap]?.offset} in place ${gap + 1}`);
  const ids = new Set(log.map(({ event_id }) => event_id));
  if (ids.size < log.length) wrong.push(`${log.length - ids.size} events are in the log twice`);
  if (user.kind === 'published') {
    if (log.length !== user.accepted) wrong.push(`${user.accepted} events were accepted, the log has ${log.length}`);
    const foreign = log.find(({ offset, event_id }) => eventAt(user.persona, offset).event_id !== event_id);
    if (foreign !== undefined) wrong.push(`the log has ${foreign.event_id} at ${foreign.offset}`);
  } else {
    for (const runId of user.runs) {
      const ends = log.filter(({ type, run_id }) => type === 'agent_completed' && run_id === runId);
      if (ends.length !== 1) wrong.push(`run ${runId}, which was promised, has ${ends.length} ends`);
    }
  }
  for (const [index, { history, resets, errors }] of user.watchers.entries()) {
    const difference = compareHistories(log, history);
    if (difference !== undefined) wrong.push(`client ${index} ${difference}`);
    if (resets > 0) wrong.push(`client ${index} was reset ${resets} times, though Redis never lost anything`);
    for (const error of errors) wrong.push(`client ${index} told of ${error}`);
  }
  return wrong.map((what) => `${user.persona.userId}: ${what}`);
}
