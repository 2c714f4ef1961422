import {
  isWebSocketError,
  type NumberedEvent,
  type RunSnapshotFrame,
  type StartFrom,
  type StreamPosition,
} from '@ws/types';
import type { Clock } from '../clock.ts';
import { resumePosition } from './resume-position.ts';
import type { EventLog } from '../log/event-log.ts';
import { decodeEvent } from './event-codec.ts';
import type { UserStream } from './user-stream.ts';

/** Where a reader of a stream begins, and what it reads. */
export interface FollowOptions {
  /** Where to begin. @default 'latest' */
  readonly from?: StartFrom;
  /** Only events of these threads, and those of no thread. @default all */
  readonly threads?: readonly string[];
  /** Ends the reading when it is aborted. */
  readonly signal?: AbortSignal;
}

/** One thing that a reader of a stream gets, in the order of the stream. */
export type FollowedItem =
  | { readonly kind: 'event'; readonly event: NumberedEvent }
  /** The position is no longer kept: what was read before is void, and reading goes on behind `position`. */
  | { readonly kind: 'reset'; readonly position: StreamPosition }
  /** After a reset, for an open run: what its events that are no longer kept added up to. */
  | { readonly kind: 'run_snapshot'; readonly snapshot: RunSnapshotFrame };

/** What following needs of the hub. */
export interface FollowParts {
  /** The stream as this process holds it now: it may leave memory between two reads. */
  readonly stream: () => UserStream;
  readonly log: EventLog;
  readonly clock: Pick<Clock, 'after'>;
  /** Aborted when the hub is closed. */
  readonly closing: AbortSignal;
}

/** Events read at once. */
const PAGE_EVENTS = 200;
/** Time until a log that could not be reached is asked again, in milliseconds. */
const RETRY_MS = 1_000;

/** Reads a stream from a place on, and goes on with what is appended, by whichever process. Ends when it is aborted or the hub closes. */
export async function* followStream(parts: FollowParts, options: FollowOptions): AsyncGenerator<FollowedItem, void> {
  const { from = 'latest', threads, signal } = options;
  const ended = AbortSignal.any([parts.closing, ...(signal === undefined ? [] : [signal])]);
  const news = new News(parts, ended);
  try {
    let position: StreamPosition | undefined;
    while (!ended.aborted) {
      const seen = news.count;
      const read = await readOn(parts, position ?? from, threads).catch(ignoreOutage);
      if (read === undefined) {
        await news.or(RETRY_MS, seen);
        continue;
      }
      position = read.position;
      for (const item of read.items) {
        if (ended.aborted) return;
        yield item;
      }
      if (!read.hasMore) await news.or(undefined, seen);
    }
  } finally {
    news.stop();
  }
}

interface Read {
  readonly items: readonly FollowedItem[];
  /** Read on behind this. */
  readonly position: StreamPosition;
  readonly hasMore: boolean;
}

async function readOn(
  { stream: streamNow }: FollowParts,
  from: StartFrom,
  threads: readonly string[] | undefined,
): Promise<Read> {
  const stream = streamNow();
  await stream.load();
  if (from !== 'latest') await stream.confirm(from);
  const { position, recovery } = resumePosition(from, stream);
  // Who asked for the earliest event gets it, whatever was kept before.
  const isReset = recovery === 'reset' && from !== 'earliest';
  const { epoch } = stream;
  if (from === 'latest') return { items: [], position: { epoch, offset: position }, hasMore: false };
  const page = await stream.history({
    after: position,
    limit: PAGE_EVENTS,
    ...(threads === undefined ? {} : { threads }),
  });
  // The log has begun another epoch, or events were trimmed faster than they were read: the next read says so.
  if (page.epoch !== epoch || stream.oldest > position + 1) {
    if (page.epoch !== epoch) await stream.refresh();
    return { items: [], position: { epoch, offset: position }, hasMore: true };
  }
  const events = page.events.map((event): FollowedItem => ({ kind: 'event', event: decodeEvent(event) }));
  const isInView = (thread: string | undefined): boolean => thread === undefined || threads?.includes(thread) !== false;
  const lost =
    recovery === 'reset'
      ? stream.runSnapshots(position, isInView).map((snapshot): FollowedItem => ({ kind: 'run_snapshot', snapshot }))
      : [];
  return {
    items: [
      ...(isReset ? [{ kind: 'reset', position: { epoch, offset: position } } as const] : []),
      ...lost,
      ...events,
    ],
    position: { epoch, offset: page.readUpTo },
    hasMore: page.nextAfter !== undefined,
  };
}

/** While the log is away there is nothing to read, and nothing is lost. */
function ignoreOutage(error: unknown): undefined {
  if (isWebSocketError(error) && error.code === 'LOG_UNAVAILABLE') return undefined;
  throw error;
}

/** Wakes a reader when something was appended to its stream, or the reading is to end. */
class News {
  /** How often there were news. */
  count = 0;
  readonly #clock: FollowParts['clock'];
  readonly #ended: AbortSignal;
  readonly #unsubscribe: () => void;
  #wake: () => void = () => undefined;

  constructor({ log, clock, stream }: FollowParts, ended: AbortSignal) {
    this.#clock = clock;
    this.#ended = ended;
    this.#unsubscribe = log.subscribe(stream().key, () => this.#came());
    ended.addEventListener('abort', this.#came);
  }

  /** Waits for news that came after `seen` was counted; also, where it is given, until so many milliseconds are over. */
  async or(ms: number | undefined, seen: number): Promise<void> {
    if (this.#ended.aborted || (ms === undefined && this.count !== seen)) return;
    await new Promise<void>((resolve) => {
      const timer = ms === undefined ? undefined : this.#clock.after(ms, resolve);
      this.#wake = () => {
        // A log that is away brings no news: only the end of the reading ends this wait early.
        if (timer !== undefined && !this.#ended.aborted) return;
        timer?.cancel();
        resolve();
      };
    });
  }

  stop(): void {
    this.#unsubscribe();
    this.#ended.removeEventListener('abort', this.#came);
  }

  readonly #came = (): void => {
    this.count += 1;
    this.#wake();
  };
}
