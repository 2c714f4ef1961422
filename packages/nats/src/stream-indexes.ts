import type { StreamKey } from '@ws/core/log';
import type { Offset } from '@ws/types';
import { StreamIndex } from './stream-index.ts';

/** Indexes of the streams used last, as many as the events in them allow. One that was let go is made again when it is needed. */
export class StreamIndexes {
  readonly #maxEvents: number;
  /** In the order of use, the one used last at the end. */
  readonly #indexes = new Map<StreamKey, StreamIndex>();

  constructor(maxEvents: number) {
    this.#maxEvents = maxEvents;
  }

  get(stream: StreamKey): StreamIndex | undefined {
    const index = this.#indexes.get(stream);
    if (index !== undefined) this.#use(stream, index);
    return index;
  }

  /** A new index, in the place of the one there may be. */
  make(stream: StreamKey, trimmed: Offset): StreamIndex {
    const index = new StreamIndex(trimmed);
    this.#use(stream, index);
    this.#makeRoom();
    return index;
  }

  clear(): void {
    this.#indexes.clear();
  }

  #use(stream: StreamKey, index: StreamIndex): void {
    this.#indexes.delete(stream);
    this.#indexes.set(stream, index);
  }

  #makeRoom(): void {
    let events = 0;
    for (const { size } of this.#indexes.values()) events += size + 1;
    for (const [stream, { size }] of this.#indexes) {
      if (events <= this.#maxEvents || this.#indexes.size === 1) return;
      this.#indexes.delete(stream);
      events -= size + 1;
    }
  }
}
