import type { Epoch, Offset } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { EventLog, LogEvent } from '../log/event-log.ts';
import { bytesOf, MAX_PAGE_BYTES } from '../log/page-bytes.ts';
import type { StreamKey } from '../stream-key.ts';

export interface HistoryQuery {
  readonly after: Offset;
  /** Most events of the page. */
  readonly limit: number;
  /** Only events of these threads, and those of no thread. Absent: all. */
  readonly threads?: readonly string[];
}

/** A page of a stream, with the place where the next begins. */
export interface HistoryRead {
  readonly epoch: Epoch;
  readonly events: readonly LogEvent[];
  /** Read on after this offset. Absent: the stream has no more. */
  readonly nextAfter?: Offset;
  /** The offset up to which the stream was looked through for it, in view or not. */
  readonly readUpTo: Offset;
  /** Bytes of the events that were read for it, in view or not. */
  readonly bytesRead: number;
}

/** What a reader needs of the stream that it reads. */
export interface ReadStream {
  readonly key: StreamKey;
  /** The newest event this process knows of. */
  readonly head: Offset;
}

/** Events read at once where few of them may be in view. */
const SCAN_EVENTS = 1_000;
/**
 * Pages of the log that are looked through for one page of history. A reader whose threads are rare goes on from `nextAfter`: the
 * work that one request can ask for does not grow with the stream.
 */
const MAX_SCANS = 4;

/** Reads a page of history. It ends at the limit, at 1 MiB, where enough was looked through, or at the end of the stream. */
export async function readHistory(
  log: EventLog,
  clock: Pick<Clock, 'soon'>,
  stream: ReadStream,
  { after, limit, threads }: HistoryQuery,
): Promise<HistoryRead> {
  const { epoch, events } = await log.read(stream.key, after, limit);
  const inView = new PageInView(limit, threads);
  let bytesRead = sizeOf(events);
  let position = inView.take(events, after);
  let isEnd = events.length === 0;
  // Without a filter a page of the log is a page of history.
  for (let scans = 1; threads !== undefined && scans < MAX_SCANS && !inView.full && !isEnd; scans += 1) {
    // A log may answer at once: others have their turn in between.
    await new Promise<void>((resolve) => clock.soon(resolve));
    const page = await log.read(stream.key, position, SCAN_EVENTS);
    if (page.epoch !== epoch) break;
    bytesRead += sizeOf(page.events);
    isEnd = page.events.length === 0;
    position = inView.take(page.events, position);
  }
  const hasMore = !isEnd && (position < stream.head || (await isBehind(log, stream, position)));
  return { epoch, events: inView.events, readUpTo: position, ...(hasMore ? { nextAfter: position } : {}), bytesRead };
}

/** The events of a page that its reader may see. */
class PageInView {
  readonly events: LogEvent[] = [];
  readonly #limit: number;
  readonly #threads: ReadonlySet<string> | undefined;
  #bytes = 0;
  #isCut = false;

  constructor(limit: number, threads: readonly string[] | undefined) {
    this.#limit = limit;
    this.#threads = threads && new Set(threads);
  }

  get full(): boolean {
    return this.#isCut || this.events.length >= this.#limit;
  }

  /** Takes what is in view, as far as there is room. Answers the offset up to which `events` were looked at. */
  take(events: readonly LogEvent[], after: Offset): Offset {
    let position = after;
    for (const event of events) {
      if (this.#isInView(event)) {
        if (this.full) return position;
        const bytes = bytesOf(event);
        this.#isCut = this.events.length > 0 && this.#bytes + bytes > MAX_PAGE_BYTES;
        if (this.#isCut) return position;
        this.#bytes += bytes;
        this.events.push(event);
      }
      position = event.offset;
    }
    return position;
  }

  #isInView({ threadId }: LogEvent): boolean {
    return this.#threads === undefined || threadId === undefined || this.#threads.has(threadId);
  }
}

function sizeOf(events: readonly LogEvent[]): number {
  return events.reduce((sum, event) => sum + bytesOf(event), 0);
}

/** Whether another process has appended events that this one does not know. */
async function isBehind(log: EventLog, { key }: ReadStream, position: Offset): Promise<boolean> {
  // Absent in a log for one process, which knows every event.
  if (log.shared === undefined) return false;
  const { events } = await log.read(key, position, 1);
  return events.length > 0;
}
