import type { NumberedEvent } from '@ws/types';
import { ask } from './ask.ts';

/** Everything of a stream that is kept. */
export interface History {
  readonly epoch: string;
  readonly events: readonly NumberedEvent[];
}

interface Page extends History {
  readonly recovery: 'resumed' | 'reset';
  /** Where the next page begins; absent at the end. A page may be short before that: large events fill it soon. */
  readonly next_after?: number;
}

const PAGE_SIZE = 1_000;

/** What follows `known`, or all from the oldest kept where that is void or there is none. Throws `ApiError`. */
export async function fetchHistory(
  key: string,
  userId: string,
  known: History | null,
  signal: AbortSignal,
): Promise<History> {
  let history = known;
  for (let after = known?.events.at(-1)?.offset; ;) {
    const page = await fetchPage(key, userId, { epoch: history?.epoch, after }, signal);
    const isNew = history === null || page.recovery === 'reset' || page.epoch !== history.epoch;
    const events = isNew ? page.events : [...(history?.events ?? []), ...page.events];
    if (history === null || isNew || page.events.length > 0) history = { epoch: page.epoch, events };
    if (page.next_after === undefined) return history;
    after = page.next_after;
  }
}

interface Place {
  readonly epoch: string | undefined;
  readonly after: number | undefined;
}

async function fetchPage(key: string, userId: string, { epoch, after }: Place, signal: AbortSignal): Promise<Page> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (epoch !== undefined && after !== undefined) {
    query.set('epoch', epoch);
    query.set('after', String(after));
  }
  // The server that made this page made the answer, too.
  return (await ask(`/v1/users/${encodeURIComponent(userId)}/events?${query.toString()}`, key, signal)) as Page;
}
