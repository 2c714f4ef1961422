import type { ServerResponse } from 'node:http';
import { WebSocketError } from '@ws/types';
import { Places } from './places.ts';
import { RateBuckets } from './rate-buckets.ts';
import type { Turns } from './turns.ts';

/** Who reads: a user, or the holder of an API key. */
export interface Reader {
  readonly kind: 'user' | 'key';
  readonly id: string;
}

export interface ReadLimitOptions {
  /** Bytes of events that a user may have read per second, on average. */
  readonly userBytesPerSecond: number;
  /** The same for an API key, which reads for many users. */
  readonly keyBytesPerSecond: number;
  /** Pages that are made for a user, or wait to be taken, at a time; keys have twice as many. */
  readonly pages: number;
  /** Whether the service is short of time or memory. */
  readonly isStrained: () => boolean;
  readonly turns: Turns;
  readonly onRefused: (limit: 'history_rate' | 'history_pages') => void;
}

/** What it cost to make a page. */
export interface PageCost {
  readonly bytesRead: number;
}

/** A reader that was quiet may read so many seconds' worth at once: the whole of a stream. */
const BURST_SECONDS = 10;
/** What a page costs at least, in bytes: however small, it is a question to the log. */
const MIN_BYTES = 4_096;
/** A page of which so many bytes were read has held others up. */
const HEAVY_BYTES = 65_536;
/** Pages that may wait for a place, of one reader. */
const MAX_WAITING = 16;
/** A key has so many times the pages of a user. */
const KEY_PAGES = 2;

/**
 * Holds each reader of history to so many bytes per second and so many pages at a time. What was read counts, in view or not. A page
 * has its place until its answer was taken or its connection is gone, so that unread pages can't pile up.
 */
export class ReadLimit {
  readonly #options: ReadLimitOptions;
  readonly #buckets: Readonly<Record<Reader['kind'], RateBuckets>>;
  readonly #places: Places;

  constructor(options: ReadLimitOptions) {
    const { userBytesPerSecond, keyBytesPerSecond, isStrained } = options;
    this.#options = options;
    this.#places = new Places(options.pages);
    const bucketsOf = (perSecond: number): RateBuckets =>
      new RateBuckets({ perSecond, burst: perSecond * BURST_SECONDS, isStrained });
    this.#buckets = { user: bucketsOf(userBytesPerSecond), key: bucketsOf(keyBytesPerSecond) };
  }

  /**
   * Makes a page when the reader has a place and its turn.
   *
   * @param response - of the request, which takes the page
   * @throws `RATE_LIMITED`, saying in `details` after how many seconds there is room; `BAD_REQUEST` if the client left meanwhile; and
   * what `make` throws
   */
  async page<Page extends PageCost>(
    reader: Reader,
    response: ServerResponse,
    make: () => Promise<Page>,
  ): Promise<Page> {
    const name = `${reader.kind} ${reader.id}`;
    await this.#takePlace(reader, name, response);
    const buckets = this.#buckets[reader.kind];
    const waitSeconds = buckets.take(name, MIN_BYTES);
    if (waitSeconds > 0) {
      throw this.#refusal('history_rate', waitSeconds, 'more of the history was read than the limit allows');
    }
    const endTurn = await this.#options.turns.enter(name);
    let bytes = 0;
    try {
      assertPresent(response);
      const page = await make();
      bytes = page.bytesRead;
      return page;
    } finally {
      endTurn(bytes > HEAVY_BYTES);
      buckets.charge(name, bytes - MIN_BYTES);
    }
  }

  async #takePlace({ kind }: Reader, name: string, response: ServerResponse): Promise<void> {
    const most = this.#options.pages * (kind === 'key' ? KEY_PAGES : 1);
    if (this.#places.take(name, response, most) || (await this.#places.wait(name, response, MAX_WAITING))) return;
    assertPresent(response);
    throw this.#refusal('history_pages', 1, `${most} pages are under way and ${MAX_WAITING} wait`);
  }

  #refusal(limit: 'history_rate' | 'history_pages', retryAfterSeconds: number, what: string): WebSocketError {
    this.#options.onRefused(limit);
    const details = { retryAfterSeconds };
    return new WebSocketError('RATE_LIMITED', `${what}: ask again in ${retryAfterSeconds} s`, { details });
  }
}

/** No page is made for a client that is gone: its place and its turn are for those who wait. */
function assertPresent({ req }: ServerResponse): void {
  if (!req.socket.destroyed) return;
  throw new WebSocketError('BAD_REQUEST', 'the client left before its page of history was made');
}
