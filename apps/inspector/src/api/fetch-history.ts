import type { NumberedEvent } from '@ws/types';
import { ask } from './ask.ts';

/** Everything of a stream that is kept. */
export interface History {
  readonly epoch: string;
  readonly events: readonly NumberedEvent[];
}

interface Page extends History {
  readonly recovery: 'resumed' | 'reset';
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
  for (;;) {
    const page = await fetchPage(key, userId, history, signal);
    const isNew = history === null || page.recovery === 'reset' || page.epoch !== history.epoch;
    const events = isNew ? page.events : [...(history?.events ?? []), ...page.events];
    if (history === null || isNew || page.events.length > 0) history = { epoch: page.epoch, events };
    if (page.events.length < PAGE_SIZE) return history;
  }
}

async function fetchPage(key: string, userId: string, known: History | null, signal: AbortSignal): Promise<Page> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  const last = known?.events.at(-1);
  if (known !== null && last !== undefined) {
    query.set('epoch', known.epoch);
    query.set('after', String(last.offset));
  }
  // The server that made this page made the answer, too.
  return (await ask(`/v1/users/${encodeURIComponent(userId)}/events?${query.toString()}`, key, signal)) as Page;
}
