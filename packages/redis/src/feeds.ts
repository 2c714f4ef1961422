import type { Clock, LogEvent, LogListener, StreamKey, Timer } from '@ws/core';
import type { Epoch, StreamPosition } from '@ws/types';
import type { MessageListener } from './redis-client.ts';
import { StreamFeed, type FeedSource } from './stream-feed.ts';

export interface FeedsOptions {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly checkIntervalMs: number;
  /** What a feed of this stream reads from; `heard` is to be called with each message. */
  readonly source: (stream: StreamKey, heard: MessageListener) => FeedSource;
  /** Ends the subscription to a stream. */
  readonly unsubscribe: (stream: StreamKey, heard: MessageListener) => void;
}

interface Entry {
  readonly feed: StreamFeed;
  readonly heard: MessageListener;
  /** When the feed was last known to be up to date, or checked. */
  freshAt: number;
}

/** Looks for streams to check in a check's interval. */
const LOOKS = 20;
/** Checks that are sent at once. */
const CHECKS_AT_ONCE = 500;

/** The streams somebody listens to, and only those. Each that is silent is compared with the server now and then. */
export class Feeds {
  readonly #options: FeedsOptions;
  /** In the order of `freshAt`, the stalest first. */
  readonly #entries = new Map<StreamKey, Entry>();
  #timer: Timer | undefined;

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  add(stream: StreamKey, listener: LogListener): () => void {
    const entry = this.#entries.get(stream) ?? this.#make(stream);
    const remove = entry.feed.add(listener);
    return () => {
      remove();
      if (entry.feed.hasListeners || this.#entries.get(stream) !== entry) return;
      this.#entries.delete(stream);
      this.#options.unsubscribe(stream, entry.heard);
    };
  }

  appended(stream: StreamKey, epoch: Epoch, events: readonly LogEvent[]): void {
    this.#entries.get(stream)?.feed.appended(epoch, events);
  }

  /** Whether listeners of the stream were told of the event at this position. */
  hasTold(stream: StreamKey, position: StreamPosition): boolean {
    return this.#entries.get(stream)?.feed.hasTold(position) ?? false;
  }

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

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#entries.clear();
  }

  #make(stream: StreamKey): Entry {
    const heard: MessageListener = (message) => {
      if (this.#entries.get(stream) !== entry) return;
      entry.feed.heard(String(message));
      this.#touch(stream, entry);
    };
    const feed = new StreamFeed(this.#options.source(stream, heard));
    const entry: Entry = { feed, heard, freshAt: this.#options.clock.monotonic() };
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
