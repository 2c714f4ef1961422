import type { StreamPosition } from '@ws/types';
import { Reader, type ReaderSettings, type ReaderSink } from './reader.ts';
import type { StreamItem } from './stream-item.ts';

export interface ReadersHost {
  /** A reader went on: more may be processed, and a paused client may go on. */
  readonly progressed: () => void;
}

/** Every loop that reads the stream. */
export class Readers {
  readonly #host: ReadersHost;
  readonly #readers = new Set<ReaderSink>();

  constructor(host: ReadersHost) {
    this.#host = host;
  }

  open(settings: Omit<ReaderSettings, 'progressed' | 'closed'>): AsyncIterableIterator<StreamItem> {
    const reader = new Reader({
      ...settings,
      progressed: this.#host.progressed,
      closed: (closed) => {
        this.#readers.delete(closed);
        this.#host.progressed();
      },
    });
    if (settings.signal?.aborted !== true) this.#readers.add(reader);
    return reader;
  }

  /** One of them can't take another event. */
  get full(): boolean {
    for (const reader of this.#readers) if (reader.full) return true;
    return false;
  }

  /** All of them have room enough to go on after a pause. */
  get drained(): boolean {
    for (const reader of this.#readers) if (!reader.drained) return false;
    return true;
  }

  push(item: StreamItem, before: StreamPosition | null = null): void {
    for (const reader of this.#readers) reader.push(item, before);
  }

  /** What waits to be read was for another user. */
  forget(): void {
    for (const reader of this.#readers) reader.forget();
  }

  /** How much of everything up to `position` every reader has processed; `null` while one still has events from before a reset. */
  processed({ epoch, offset }: StreamPosition): StreamPosition | null {
    let least = offset;
    for (const { floor } of this.#readers) {
      if (floor === null) continue;
      if (floor.epoch !== epoch) return null;
      least = Math.min(least, floor.offset);
    }
    return { epoch, offset: least };
  }

  endAll(): void {
    for (const reader of [...this.#readers]) reader.end();
  }
}
