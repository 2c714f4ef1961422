import type { EventId, Offset } from '@ws/types';
import type { LogEvent, NewLogEvent, RetentionPolicy } from './event-log.ts';

/** One stream of the memory log: dense offsets, an index by event id. Knows no time and does no I/O. */
export class MemoryStream {
  /** The events kept; the first has offset `#trimmed + 1`. */
  #events: LogEvent[] = [];
  #trimmed = 0;
  #bytes = 0;
  #head: Offset = 0;
  readonly #offsets = new Map<EventId, Offset>();
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

  push(event: NewLogEvent): LogEvent {
    this.#head += 1;
    const logged: LogEvent = { ...event, offset: this.#head };
    this.#events.push(logged);
    this.#offsets.set(event.eventId, this.#head);
    this.#bytes += event.data.length;
    return logged;
  }

  offsetOf(eventId: EventId): Offset | undefined {
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
      this.#offsets.delete(event.eventId);
      this.#bytes -= event.data.length;
    }
    this.#trimmed += count;
    this.checkpoint = checkpoint;
  }
}
