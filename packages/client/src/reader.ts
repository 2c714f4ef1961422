import type { StreamPosition } from '@ws/types';
import type { WaitOptions } from './client.ts';
import type { StreamItem } from './stream-item.ts';

interface Entry {
  readonly item: StreamItem;
  /** Place before the event, `null` for what has no place. */
  readonly before: StreamPosition | null;
}

/** What the client does with a reader. */
export interface ReaderSink {
  /** No event fits any more. */
  readonly full: boolean;
  /** Has read enough that a paused client may go on. */
  readonly drained: boolean;
  /** Place before the first event that is not processed; `null` if all are. */
  readonly floor: StreamPosition | null;
  push(item: StreamItem, before: StreamPosition | null): void;
  /** Drops what the loop has not read yet. */
  forget(): void;
  end(): void;
}

export interface ReaderSettings extends WaitOptions {
  readonly size: number;
  /** The loop asked for the next item, or ended. */
  readonly progressed: () => void;
  /** The loop ended. */
  readonly closed: (reader: ReaderSink) => void;
}

/** A bounded buffer in front of a loop. Never drops: the client asks {@link Reader.full} before it takes an event. */
export class Reader implements ReaderSink, AsyncIterableIterator<StreamItem> {
  readonly #settings: ReaderSettings;
  readonly #buffer: Entry[] = [];
  readonly #waiting: ((result: IteratorResult<StreamItem>) => void)[] = [];
  #inHand: Entry | undefined;
  #ended = false;

  constructor(settings: ReaderSettings) {
    this.#settings = settings;
    const { signal } = settings;
    if (signal?.aborted === true) this.#ended = true;
    else signal?.addEventListener('abort', this.#discard, { once: true });
  }

  get full(): boolean {
    return this.#buffer.length >= this.#settings.size;
  }

  get drained(): boolean {
    return this.#buffer.length <= this.#settings.size / 2;
  }

  get floor(): StreamPosition | null {
    return this.#inHand?.before ?? this.#buffer.find(({ before }) => before !== null)?.before ?? null;
  }

  push(item: StreamItem, before: StreamPosition | null): void {
    if (this.#ended) return;
    this.#buffer.push({ item, before });
    this.#serve();
  }

  forget(): void {
    this.#buffer.length = 0;
  }

  /** Lets the loop finish what is buffered, then ends it. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#settings.signal?.removeEventListener('abort', this.#discard);
    this.#serve();
    this.#settings.closed(this);
  }

  next(): Promise<IteratorResult<StreamItem>> {
    // Whoever asks for the next item is done with the one before.
    this.#inHand = undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#serve();
      this.#settings.progressed();
    });
  }

  return(): Promise<IteratorResult<StreamItem>> {
    this.#discard();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #serve(): void {
    for (let resolve = this.#waiting[0]; resolve !== undefined; resolve = this.#waiting[0]) {
      const entry = this.#buffer.shift();
      if (entry === undefined && !this.#ended) return;
      this.#waiting.shift();
      this.#inHand = entry;
      resolve(entry === undefined ? { done: true, value: undefined } : { done: false, value: entry.item });
    }
  }

  readonly #discard = (): void => {
    this.forget();
    this.#inHand = undefined;
    this.end();
  };
}
