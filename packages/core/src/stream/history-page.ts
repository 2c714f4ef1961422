import type { NumberedEvent } from '@ws/types';
import type { LogEvent } from '../log/event-log.ts';
import type { UserStream } from './user-stream.ts';

/** What a page of a user's stream is to hold. */
export interface HistoryOptions {
  /** Offset to read after. @default from the oldest kept */
  readonly after?: number;
  /** Most events of the page, 1 to 1,000. @default 100 */
  readonly limit?: number;
  /** Only events of these threads, and those of no thread. @default all */
  readonly threads?: readonly string[];
}

/** Where a page of a user's stream lies. */
export interface HistoryPlace {
  readonly epoch: string;
  readonly oldestOffset: number;
  readonly headOffset: number;
  /** Read on after this offset. Absent where the stream has no more: only that is the end, a page may be short or empty before it. */
  readonly nextAfter?: number;
}

/** A stretch of a user's stream. */
export interface HistoryPage extends HistoryPlace {
  /** Oldest first. */
  readonly events: readonly NumberedEvent[];
}

/** The same, for a server that passes it on. */
export interface EncodedHistoryPage extends HistoryPlace {
  /** Each event as JSON, as it is on the wire; oldest first. */
  readonly texts: readonly string[];
  /** Bytes of the events that were read for the page, in view or not. */
  readonly bytesRead: number;
}

/** Events as the log has them, and their place. */
interface PlacedRead {
  readonly events: readonly LogEvent[];
  readonly place: HistoryPlace;
  readonly bytesRead: number;
}

const MAX_EVENTS = 1_000;

/** Reads a page and says where it lies. Throws `LOG_UNAVAILABLE`. */
export async function readHistoryPage(
  stream: UserStream,
  { after = 0, limit = 100, threads }: HistoryOptions,
): Promise<PlacedRead> {
  await stream.load();
  const most = Math.max(1, Math.min(limit, MAX_EVENTS));
  const read = await stream.history({ after, limit: most, ...(threads === undefined ? {} : { threads }) });
  const { epoch, events, nextAfter, bytesRead } = read;
  const place = {
    epoch,
    oldestOffset: stream.oldest,
    headOffset: stream.head,
    ...(nextAfter === undefined ? {} : { nextAfter }),
  };
  return { events, place, bytesRead };
}
