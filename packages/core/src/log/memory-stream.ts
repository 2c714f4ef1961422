import type { EventId, Offset } from '@ws/types';
import type { AppendedEvent, LogEvent, NewLogEvent, RetentionPolicy } from './event-log.ts';

/**
 * One stream of the memory log: dense offsets, and an index by event id that is made where somebody asks for an id. Knows no time
 * and does no I/O.
 */
export class MemoryStream {
  /** The events kept; the first has offset `#trimmed + 1`. */
  #events: LogEvent[] = [];
  #trimmed = 0;
  #bytes = 0;
  #head: Offset = 0;
  readonly #offsets = new Map<EventId, Offset>();
  /** Every event up to this one that is kept is in the index. */
  #indexed: Offset = 0;
  checkpoint: string | undefined;

  get head(): Offset {
    return this.#head;
  }

  get oldest(): Offset {
    return this.#trimmed + 1;
  }

  /** When the oldest event was made, in milliseconds since 1970; `undefined` if none is kept. */
  get oldestAt(): number | undefined {
    return this.#events[0]?.timestamp;
  }

  /** Takes an event, unless one of its id is there. */
  append(event: NewLogEvent): AppendedEvent {
    const known = event.fresh === true ? undefined : this.offsetOf(event.eventId);
    if (known !== undefined) return { offset: known, duplicate: true };
    return { offset: this.push(event).offset, duplicate: false };
  }

  /** Takes an event whose id is new. */
  push(event: NewLogEvent): LogEvent {
    this.#head += 1;
    const logged = numbered(event, this.#head);
    this.#events.push(logged);
    this.#bytes += event.data.length;
    return logged;
  }

  offsetOf(eventId: EventId): Offset | undefined {
    this.#index();
    return this.#offsets.get(eventId);
  }

  after(offset: Offset, limit: number): readonly LogEvent[] {
    const start = Math.max(0, offset - this.#trimmed);
    return this.#events.slice(start, start + limit);
  }

  trimmable({ maxEvents, maxBytes, maxAgeMs }: RetentionPolicy, now: number): Offset {
    let excessEvents = this.#events.length - maxEvents;
    let excessBytes = this.#bytes - maxBytes;
    let upTo = 0;
    for (const event of this.#events) {
      if (excessEvents <= 0 && excessBytes <= 0 && event.timestamp > now - maxAgeMs) break;
      upTo = event.offset;
      excessEvents -= 1;
      excessBytes -= event.data.length;
    }
    return upTo;
  }

  trim(upTo: Offset, checkpoint: string): void {
    const count = Math.min(upTo - this.#trimmed, this.#events.length);
    if (count <= 0) return;
    for (const event of this.#events.splice(0, count)) {
      if (event.offset <= this.#indexed) this.#offsets.delete(event.eventId);
      this.#bytes -= event.data.length;
    }
    this.#trimmed += count;
    this.checkpoint = checkpoint;
  }

  #index(): void {
    const first = Math.max(this.#indexed, this.#trimmed) - this.#trimmed;
    for (const { eventId, offset } of this.#events.slice(first)) this.#offsets.set(eventId, offset);
    this.#indexed = this.#head;
  }
}

/** The event with its offset; each shape is written out, which makes an object of it in one go. */
function numbered({ eventId, type, threadId, runId, timestamp, data }: NewLogEvent, offset: Offset): LogEvent {
  if (threadId === undefined) {
    if (runId === undefined) return { eventId, type, timestamp, data, offset };
    return { eventId, type, runId, timestamp, data, offset };
  }
  if (runId === undefined) return { eventId, type, threadId, timestamp, data, offset };
  return { eventId, type, threadId, runId, timestamp, data, offset };
}
