import type { Hub, UserContext } from '@ws/core';
import type { Authentication, EncodedHistoryPage } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { ReadFrom } from './start-from.ts';

const DEFAULT_PAGE = 100;
export const MAX_PAGE = 1_000;

export interface PageQuery {
  readonly from: ReadFrom;
  readonly limit?: number;
  readonly thread?: readonly string[];
}

/** A page as the API answers it, and what was read for it. */
export interface PageAnswer {
  readonly json: string;
  readonly bytesRead: number;
}

/** Reads a page of a user's stream. */
export async function readHistoryPage(
  hub: Hub,
  reader: Authentication,
  { from, limit = DEFAULT_PAGE, thread }: PageQuery,
): Promise<PageAnswer> {
  const threads = threadsInView(reader, thread);
  const manager = hub.manager(contextOf(reader));
  const position = await manager.position();
  const { epoch, offset: asked } = placeOf(from, position.offset);
  // As on the wire: a position of another epoch, or ahead of the stream, means nothing here, and the reader is told.
  const isKnown = (epoch === undefined || epoch === position.epoch) && asked <= position.offset;
  const page = await manager.encodedHistory({
    after: isKnown ? asked : 0,
    limit,
    ...(threads === undefined ? {} : { threads }),
  });
  const isKept = isKnown && asked >= page.oldestOffset - 1;
  return { json: encode(page, isKept ? 'resumed' : 'reset'), bytesRead: page.bytesRead };
}

function placeOf(from: ReadFrom, head: number): Exclude<ReadFrom, string> {
  if (typeof from !== 'string') return from;
  return { offset: from === 'latest' ? head : 0 };
}

/** Events are text already: what is around them is put there. */
function encode(page: EncodedHistoryPage, recovery: 'resumed' | 'reset'): string {
  const { epoch, oldestOffset, headOffset, nextAfter } = page;
  const place = JSON.stringify({
    epoch,
    oldest_offset: oldestOffset,
    head_offset: headOffset,
    recovery,
    // The offset alone is what readers of the first version look for.
    ...(nextAfter === undefined ? {} : { next_from: `${epoch}:${nextAfter}`, next_after: nextAfter }),
  });
  return `${place.slice(0, -1)},"events":[${page.texts.join(',')}]}`;
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
