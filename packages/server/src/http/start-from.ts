import { WebSocketError, type StartFrom, type StreamPosition } from '@ws/types';
import * as v from 'valibot';
import { wholeInQuery } from './api/query-parts.ts';

/** Where a reader begins. In the earlier spelling a page may follow an offset of any epoch. */
export type ReadFrom = StartFrom | { readonly epoch?: never; readonly offset: number };

const POSITION = /^(.{1,128}):(\d{1,15})$/;

/** A position as it is the `id` of a Server-Sent Event. */
function readPosition(text: string): StreamPosition | undefined {
  const [, epoch, offset] = POSITION.exec(text) ?? [];
  return epoch === undefined ? undefined : { epoch, offset: Number(offset) };
}

/** `from` in a query. */
export const fromInQuery = v.pipe(
  v.string(),
  v.regex(/^(?:earliest|latest|.{1,128}:\d{1,15})$/, 'must be earliest, latest or EPOCH:OFFSET'),
  v.transform((text): StartFrom => readPosition(text) ?? (text === 'latest' ? 'latest' : 'earliest')),
  v.description(
    'where to begin: `earliest`, the oldest event that is kept; `latest`, what is yet to come; or `epoch:offset`, ' +
      'what comes after this position. Default `earliest`',
  ),
);

/** What `from` is in requests to servers of the first version: taken, and not described. */
export const EARLIER_SPELLING = {
  epoch: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  after: v.exactOptional(
    v.union([v.literal('head'), wholeInQuery(0, Number.MAX_SAFE_INTEGER)], 'must be a whole number, or head'),
  ),
};

interface Spellings {
  readonly from: StartFrom | undefined;
  readonly epoch: string | undefined;
  readonly after: number | 'head' | undefined;
}

/** Where a query begins, in either spelling. Throws `BAD_REQUEST`. */
export function startIn({ from, epoch, after }: Spellings): ReadFrom {
  if (from !== undefined) {
    if (epoch === undefined && after === undefined) return from;
    throw new WebSocketError('BAD_REQUEST', 'query: field from: takes the place of epoch and after, leave these out');
  }
  if (after === 'head') return 'latest';
  const offset = after ?? 0;
  if (epoch !== undefined) return { epoch, offset };
  return offset === 0 ? 'earliest' : { offset };
}

/** Where a stream begins: behind `Last-Event-ID`, which a browser sends when it comes back, else where its query says. Throws `BAD_REQUEST`. */
export function streamStart(lastEventId: unknown, from: ReadFrom): StartFrom {
  if (typeof lastEventId === 'string' && lastEventId !== '') {
    const position = readPosition(lastEventId);
    if (position !== undefined) return position;
    throw new WebSocketError('BAD_REQUEST', 'Last-Event-ID must be epoch:offset');
  }
  if (typeof from === 'string' || from.epoch !== undefined) return from;
  throw new WebSocketError('BAD_REQUEST', 'query: field after: needs epoch beside it for a stream');
}
