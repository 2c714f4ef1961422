import type { Epoch, StreamPosition } from '@ws/types';
import type { Clock, Timer } from '../clock.ts';
import type { StreamKey } from '../stream-key.ts';
import type { LogEvent, LogListener, StreamHead } from './event-log.ts';
import { StreamFeed, type AppendNotice, type FeedSource } from './stream-feed.ts';

export interface FeedsOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** How often a silent stream is compared with the server, in milliseconds. */
  readonly checkIntervalMs: number;
  /** What a feed of this stream reads from; `heard` is to be called with each message, or nothing for an unreadable one. */
  readonly source: (stream: StreamKey, heard: (notice: AppendNotice | undefined) => void) => FeedSource;
}

interface Entry {
  readonly feed: StreamFeed;
  readonly source: FeedSource;
  /** When the feed was last known to be up to date, or checked. */
  freshAt: number;
}

/** Looks for streams to check in a check's interval. */
const LOOKS = 20;
/** Checks that are sent at once. */
const CHECKS_AT_ONCE = 500;

/**
 * The streams somebody listens to, and only those: every event once and in order, whatever messages are lost. Each stream that is
 * silent is compared with the server now and then. For logs on a server that sends messages about appends.
 */
export class Feeds {
  readonly #options: FeedsOptions;
  /** In the order of `freshAt`, the stalest first. */
  readonly #entries = new Map<StreamKey, Entry>();
  #timer: Timer | undefined;

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  /** Tells `listener` of events appended from now on. Returns a function that ends it. */
  add(stream: StreamKey, listener: LogListener): () => void {
    const entry = this.#entries.get(stream) ?? this.#make(stream);
    const remove = entry.feed.add(listener);
    return () => {
      remove();
      if (entry.feed.hasListeners || this.#entries.get(stream) !== entry) return;
      this.#entries.delete(stream);
      entry.source.unsubscribe();
    };
  }

  /** This process appended: its listeners need no message. */
  appended(stream: StreamKey, epoch: Epoch, events: readonly LogEvent[]): void {
    this.#entries.get(stream)?.feed.appended(epoch, events);
  }

  /**
   * Whether a stream that ends at `head` has lost its end: listeners here were told of `known`, in the same epoch. Whoever goes on by
   * the old numbers would never learn of it, so the log has to begin a new epoch.
   */
  hasLostEnd(stream: StreamKey, known: StreamPosition, { epoch, head }: StreamHead): boolean {
    const isBefore = epoch === known.epoch && head < known.offset;
    return isBefore && this.#entries.get(stream)?.feed.hasTold(known) === true;
  }

  /** Whether somebody listens to the stream. */
  has(stream: StreamKey): boolean {
    return this.#entries.has(stream);
  }

  /** Compares every stream with the server: messages may have been missed. `isNew`: subscribes to all of them first. */
  async checkAll(isNew: boolean): Promise<void> {
    const entries = [...this.#entries.values()];
    for (let from = 0; from < entries.length; from += CHECKS_AT_ONCE) {
      const some = entries.slice(from, from + CHECKS_AT_ONCE);
      if (isNew) await Promise.all(some.map(({ feed }) => feed.subscribe()));
      await Promise.all(some.map(({ feed }) => feed.check()));
    }
  }

  /** Forgets everybody who listens. */
  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#entries.clear();
  }

  #make(stream: StreamKey): Entry {
    const source = this.#options.source(stream, (notice) => {
      if (this.#entries.get(stream) !== entry) return;
      entry.feed.heard(notice);
      this.#touch(stream, entry);
    });
    const feed = new StreamFeed(source);
    const entry: Entry = { feed, source, freshAt: this.#options.clock.monotonic() };
    this.#entries.set(stream, entry);
    void feed.start();
    this.#planLook();
    return entry;
  }

  #touch(stream: StreamKey, entry: Entry): void {
    entry.freshAt = this.#options.clock.monotonic();
    this.#entries.delete(stream);
    this.#entries.set(stream, entry);
  }

  #planLook(): void {
    const { clock, checkIntervalMs } = this.#options;
    this.#timer ??= clock.after(checkIntervalMs / LOOKS, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#entries.size === 0) return;
    const stale = this.#options.clock.monotonic() - this.#options.checkIntervalMs;
    let checks = 0;
    for (const [stream, entry] of this.#entries) {
      if (entry.freshAt > stale || checks === CHECKS_AT_ONCE) break;
      checks += 1;
      this.#touch(stream, entry);
      void entry.feed.check();
    }
    this.#planLook();
  }
}
