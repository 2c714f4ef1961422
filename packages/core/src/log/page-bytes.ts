import type { LogEvent } from './event-log.ts';

/**
 * A page of a log ends before the event that would make it larger than this, in bytes of UTF-8. Without it the size of a page would be
 * up to publishers: a thousand of the largest events are a gigabyte.
 */
export const MAX_PAGE_BYTES = 1_048_576;

/** Bytes that a UTF-16 unit takes in UTF-8 at most. */
export const MAX_BYTES_PER_CHAR = 3;

/** What `offset`, `prev` and `merged` add to an event at most. */
const FRAME_HEAD_BYTES = 80;

/** The first events that together stay within `bytes`, at least one. */
export function withinBytes(events: readonly LogEvent[], bytes = MAX_PAGE_BYTES): readonly LogEvent[] {
  let chars = 0;
  for (const { data } of events) chars += data.length + FRAME_HEAD_BYTES;
  if (chars * MAX_BYTES_PER_CHAR <= bytes) return events;
  let left = bytes;
  for (const [index, event] of events.entries()) {
    left -= bytesOf(event);
    if (left < 0) return events.slice(0, Math.max(1, index));
  }
  return events;
}

/** Bytes that an event takes in UTF-8, as {@link withinBytes} counts them. */
export function bytesOf({ data }: LogEvent): number {
  return Buffer.byteLength(data) + FRAME_HEAD_BYTES;
}
