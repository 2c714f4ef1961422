import type { AppendedEvent, LogEvent, NewLogEvent } from '@ws/core/log';
import type { EventId, Offset } from '@ws/types';
import { offsetOf } from './offsets.ts';
import type { StreamIndex } from './stream-index.ts';

/** An append as it will be written, by what is known of the stream. */
export interface AppendPlan {
  /** The events that are new, each once. */
  readonly written: readonly NewLogEvent[];
  /** Whether some are there already. */
  readonly hasKnown: boolean;
  /** What became of each event, once `written` is the message with this sequence after `previous`. */
  outcome(sequence: number): readonly AppendedEvent[];
}

/** Finds what is new in an append. */
export function planAppend(events: readonly NewLogEvent[], index: StreamIndex): AppendPlan {
  const written: NewLogEvent[] = [];
  const places = new Map<EventId, number>();
  const known = new Map<EventId, Offset>();
  for (const event of events) {
    const offset = index.offsetOf(event.eventId);
    if (offset !== undefined) known.set(event.eventId, offset);
    else if (!places.has(event.eventId)) places.set(event.eventId, written.push(event) - 1);
  }
  return {
    written,
    hasKnown: known.size > 0,
    outcome: (sequence) => {
      const seen = new Set<EventId>();
      return events.map(({ eventId }): AppendedEvent => {
        const offset = known.get(eventId);
        if (offset !== undefined) return { offset, duplicate: true };
        const duplicate = seen.has(eventId);
        seen.add(eventId);
        return { offset: offsetOf(sequence, places.get(eventId) ?? 0, written.length), duplicate };
      });
    },
  };
}

/** Events with the numbers that they have in a message, after the event at `before`. */
export function numberEvents(events: readonly NewLogEvent[], sequence: number, before: Offset): readonly LogEvent[] {
  return events.map((event, index): LogEvent => {
    const offset = offsetOf(sequence, index, events.length);
    return { ...event, offset, ...(index === 0 && before !== offset - 1 ? { prev: before } : {}) };
  });
}
