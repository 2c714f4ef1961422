import type { LogEvent, NewLogEvent } from '@ws/core/log';
import { WebSocketError, type EventId, type Offset, type RunId, type ThreadId } from '@ws/types';
import { lastOffsetOf, offsetOf } from './offsets.ts';

/** What is known of an event before its data, which follow for all events in a row. */
type EventRow = readonly [
  eventId: string,
  type: string,
  threadId: string | null,
  runId: string | null,
  timestamp: number,
  bytes: number,
];

/** The first line of a message: the rows of its events, or the sequences of its parts. */
type Header =
  | {
      readonly events: readonly EventRow[];
      /** Offset of the event before them, where that does not follow from the message before. */
      readonly prev?: Offset;
    }
  | {
      readonly parts: readonly number[];
      /** Timestamp of the first event. */
      readonly from: number;
      readonly prev?: Offset;
    };

const LINE_END = 0x0a;

/**
 * The events of an append as the body of a message: a line of JSON, then their data to the letter.
 *
 * @param prev - offset of the event before them, where that does not follow from the message before
 */
export function encodeEvents(events: readonly NewLogEvent[], prev?: Offset): Buffer {
  const rows = events.map(({ eventId, type, threadId = null, runId = null, timestamp, data }): EventRow => [
    eventId,
    type,
    threadId,
    runId,
    timestamp,
    Buffer.byteLength(data),
  ]);
  const header: Header = { events: rows, ...(prev === undefined ? {} : { prev }) };
  return Buffer.from(`${JSON.stringify(header)}\n${events.map(({ data }) => data).join('')}`);
}

/** The body of a message whose events are too large for it: they lie in messages of their own, the parts. */
export function encodeParts(parts: readonly number[], { from, prev }: { from: number; prev?: Offset }): string {
  const header: Header = { parts, from, ...(prev === undefined ? {} : { prev }) };
  return `${JSON.stringify(header)}\n`;
}

/** The sequences of the parts that hold the events, or `undefined` for a body that holds them itself. */
export function partsIn(body: Uint8Array): readonly number[] | undefined {
  // Nearly every message holds its events: it is told without reading its header.
  if (body[2] === 'e'.charCodeAt(0)) return undefined;
  const header = readHeader(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return 'parts' in header ? header.parts : undefined;
}

/** Offset of the event before those of a message, by the sequence of the message before it. */
export function beforeOf(body: Uint8Array, previous: number): Offset {
  return readHeader(Buffer.from(body.buffer, body.byteOffset, body.byteLength)).prev ?? lastOffsetOf(previous);
}

/** When the first event of a message was, in milliseconds since 1970. */
export function timestampOf(body: Uint8Array): number {
  const header = readHeader(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return 'parts' in header ? header.from : (header.events[0]?.[4] ?? 0);
}

/**
 * The events in the body of a message, numbered.
 *
 * @param sequence - of the message
 * @param previous - sequence of the message before it of the same user, 0 for none
 */
export function decodeEvents(body: Uint8Array, sequence: number, previous: number): readonly LogEvent[] {
  const buffer = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const header = readHeader(buffer);
  if (!('events' in header)) throw notOurs();
  const { events, prev: before = lastOffsetOf(previous) } = header;
  let start = buffer.indexOf(LINE_END) + 1;
  return events.map(([eventId, type, threadId, runId, timestamp, bytes], index): LogEvent => {
    const data = buffer.toString('utf8', start, (start += bytes));
    const offset = offsetOf(sequence, index, events.length);
    return {
      // What was checked when it was appended.
      eventId: eventId as EventId,
      type,
      ...(threadId === null ? {} : { threadId: threadId as ThreadId }),
      ...(runId === null ? {} : { runId: runId as RunId }),
      timestamp,
      data,
      offset,
      ...(index === 0 && before !== offset - 1 ? { prev: before } : {}),
    };
  });
}

function readHeader(body: Buffer): Header {
  const end = body.indexOf(LINE_END);
  try {
    const header: unknown = JSON.parse(body.toString('utf8', 0, end));
    if (typeof header === 'object' && header !== null && ('events' in header || 'parts' in header)) {
      return header as Header;
    }
  } catch {
    // No JSON: as below.
  }
  throw notOurs();
}

function notOurs(): WebSocketError {
  return new WebSocketError(
    'LOG_CORRUPT',
    'the stream of events holds a message that this log did not write: delete it, or use another prefix',
  );
}
