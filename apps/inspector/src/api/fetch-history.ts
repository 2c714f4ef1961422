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
  readonly next_from?: string;
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
  const last = known?.events.at(-1);
  for (let from = last === undefined ? 'earliest' : `${known?.epoch}:${last.offset}`; ;) {
    const page = await fetchPage(key, userId, from, signal);
    const isNew = history === null || page.recovery === 'reset' || page.epoch !== history.epoch;
    const events = isNew ? page.events : [...(history?.events ?? []), ...page.events];
    if (history === null || isNew || page.events.length > 0) history = { epoch: page.epoch, events };
    if (page.next_from === undefined) return history;
    from = page.next_from;
  }
}

async function fetchPage(key: string, userId: string, from: string, signal: AbortSignal): Promise<Page> {
  const query = new URLSearchParams({ from, limit: String(PAGE_SIZE) });
  // The server that made this page made the answer, too.
  return (await ask(`/v1/users/${encodeURIComponent(userId)}/events?${query.toString()}`, key, signal)) as Page;
}
