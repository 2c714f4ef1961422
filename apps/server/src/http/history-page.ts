import type { Authentication, HistoryPage, Hub, UnifiedWebSocketManager, UserContext } from '@ws/core';
import { WebSocketError } from '@ws/types';

const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1_000;

export interface PageQuery {
  readonly epoch?: string;
  readonly after?: number | 'head';
  readonly limit?: number;
  readonly thread?: readonly string[];
}

/** A page of a user's stream, as the API answers it. */
export async function readHistoryPage(
  hub: Hub,
  reader: Authentication,
  { epoch, after = 0, limit = DEFAULT_PAGE, thread }: PageQuery,
): Promise<object> {
  const threads = threadsInView(reader, thread);
  const manager = hub.manager(contextOf(reader));
  const position = await manager.position();
  const asked = after === 'head' ? position.offset : after;
  // As on the wire: a position of another epoch, or ahead of the stream, means nothing here, and the reader is told.
  const isKnown = (epoch === undefined || epoch === position.epoch) && asked <= position.offset;
  const page = await readInView(manager, isKnown ? asked : 0, limit, threads);
  const isKept = isKnown && asked >= page.oldestOffset - 1;
  return {
    epoch: page.epoch,
    oldest_offset: page.oldestOffset,
    head_offset: page.headOffset,
    recovery: isKept ? 'resumed' : 'reset',
    events: page.events,
  };
}

function contextOf({ userId, isolatedThread }: Authentication): UserContext {
  return isolatedThread === undefined ? { userId } : { userId, threadId: isolatedThread, mode: 'isolated' };
}

function threadsInView(
  { threads }: Authentication,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  const foreign = asked?.find((threadId) => threads?.includes(threadId) === false);
  if (foreign === undefined) return asked ?? threads;
  throw new WebSocketError('THREAD_NOT_ALLOWED', `query: the credential does not allow thread ${foreign}`);
}

/** Reads on past what the reader may not see: an empty page means the end of the stream, for every reader. */
async function readInView(
  manager: UnifiedWebSocketManager,
  after: number,
  limit: number,
  threads: readonly string[] | undefined,
): Promise<HistoryPage> {
  const first = await manager.history({ after, limit });
  if (threads === undefined) return first;
  const events: HistoryPage['events'][number][] = [];
  let page = first;
  while (page.events.length > 0 && page.epoch === first.epoch) {
    events.push(...page.events.filter(({ thread_id }) => thread_id === undefined || threads.includes(thread_id)));
    if (events.length >= limit) break;
    page = await manager.history({ after: page.events.at(-1)?.offset ?? after, limit: MAX_PAGE });
  }
  return { ...first, events: events.slice(0, limit) };
}
