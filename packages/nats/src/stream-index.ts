import type { RetentionPolicy } from '@ws/core';
import type { LogEvent } from '@ws/core/log';
import type { EventId, Offset } from '@ws/types';
import { lastOffsetOf } from './offsets.ts';

/** A message of a user's events, as it lies in JetStream. */
export interface StoredMessage {
  readonly sequence: number;
  /** Sequence of the message before it on the user's subject, 0 for none. */
  readonly previous: number;
  /** Offset of the event before those of this message. */
  readonly before: Offset;
  readonly events: readonly LogEvent[];
}

interface IndexedEvent {
  readonly eventId: EventId;
  readonly offset: Offset;
  readonly timestamp: number;
  readonly bytes: number;
  readonly message: Pick<StoredMessage, 'sequence' | 'previous'>;
}

/**
 * What this process knows of the events that a stream keeps, without their data: ids, for duplicates, and sizes and ages, for
 * retention. Made by reading the stream, and true as long as the newest message is the one it knows: an append is written on
 * that condition.
 */
export class StreamIndex {
  readonly #events: IndexedEvent[] = [];
  readonly #offsets = new Map<EventId, Offset>();
  #bytes = 0;
  #trimmed: Offset;
  #last: number | undefined;
  #end = 0;

  /** @param trimmed - offset up to which events were let go */
  constructor(trimmed: Offset) {
    this.#trimmed = trimmed;
  }

  /** Sequence of the newest message known; `undefined` where none was looked for yet. */
  get last(): number | undefined {
    return this.#last;
  }

  /** Sequence of the newest message on the subject, void or not: what the next append has to come after. */
  get end(): number {
    return this.#end;
  }

  /** Events in it. */
  get size(): number {
    return this.#events.length;
  }

  /** The oldest message of which an event is kept. */
  get oldestMessage(): Pick<StoredMessage, 'sequence' | 'previous'> | undefined {
    return this.#events[0]?.message;
  }

  /** Takes a message in if it is the next one; one that is known, or comes after a gap, is passed over. */
  follow(message: StoredMessage): void {
    if (this.#last === undefined || message.before === this.head) this.add(message);
  }

  /** Takes a message in that is known to be the next one kept. */
  add({ events, sequence, previous }: StoredMessage): void {
    if (sequence <= (this.#last ?? 0)) return;
    const message = { sequence, previous };
    this.#last = sequence;
    this.#end = sequence;
    for (const { eventId, offset, timestamp, data } of events) {
      if (offset <= this.#trimmed) continue;
      const bytes = Buffer.byteLength(data);
      this.#events.push({ eventId, offset, timestamp, bytes, message });
      this.#offsets.set(eventId, offset);
      this.#bytes += bytes;
    }
  }

  /** The newest message that counts is this one, and the newest on the subject `end`. */
  endsAt(sequence: number, end: number): void {
    this.#last ??= sequence;
    this.#end = Math.max(this.#end, end);
  }

  /** There is no message any more: all were let go. */
  emptied(): void {
    this.#last = 0;
    this.#end = 0;
  }

  /** Lets go of events up to an offset. */
  trim(upTo: Offset): void {
    if (upTo <= this.#trimmed) return;
    this.#trimmed = upTo;
    const kept = this.#events.findIndex(({ offset }) => offset > upTo);
    for (const { eventId, offset, bytes } of this.#events.splice(0, kept === -1 ? this.#events.length : kept)) {
      // An id that was let go may have been appended again since.
      if (this.#offsets.get(eventId) === offset) this.#offsets.delete(eventId);
      this.#bytes -= bytes;
    }
  }

  offsetOf(eventId: EventId): Offset | undefined {
    return this.#offsets.get(eventId);
  }

  /** The offset of the last event at or before `offset`, 0 if none is kept there. */
  floor(offset: Offset): Offset {
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((this.#events[middle]?.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return this.#events[low - 1]?.offset ?? 0;
  }

  /** The highest offset that a policy lets go, 0 if none. */
  trimmable({ maxEvents, maxBytes, maxAgeMs }: RetentionPolicy, now: number): Offset {
    const excess = this.#events.length - maxEvents;
    let bytes = this.#bytes;
    let upTo = 0;
    for (const [index, event] of this.#events.entries()) {
      const isOld = event.timestamp <= now - maxAgeMs;
      if (index >= excess && bytes <= maxBytes && !isOld) break;
      upTo = event.offset;
      bytes -= event.bytes;
    }
    return upTo;
  }

  /** Offset of the newest event ever. */
  get head(): Offset {
    return Math.max(lastOffsetOf(this.#last ?? 0), this.#trimmed);
  }
}
