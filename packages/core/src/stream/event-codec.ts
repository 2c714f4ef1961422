import {
  WebSocketError,
  type CheckedEventInput,
  type EventId,
  type JsonObject,
  type NumberedEvent,
  type RunId,
  type ThreadId,
} from '@ws/types';
import type { LogEvent, NewLogEvent } from '../log/event-log.ts';
import type { RunEvent } from '../run/run-event.ts';

/** What the stream adds to an event before it is written. */
export interface EventStamp {
  readonly eventId: EventId;
  readonly threadId: ThreadId | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Encodes a payload. Throws `INVALID_EVENT` if it holds what JSON can't carry. */
export function encodePayload({ type, payload }: CheckedEventInput): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
  } catch (cause) {
    throw new WebSocketError('INVALID_EVENT', `${type} payload: holds a value that JSON can't carry`, { cause });
  }
  if (text?.[0] !== '{') throw new WebSocketError('INVALID_EVENT', `${type} payload: must be a JSON object`);
  return text;
}

/**
 * Encodes an event once, for the log and for every connection. The payload comes last in the text, which is what
 * `delta-text.ts` relies on to join deltas without decoding them.
 *
 * @throws `EVENT_TOO_BIG`
 */
export function encodeEvent(
  event: CheckedEventInput,
  payloadText: string,
  stamp: EventStamp,
  maxBytes: number,
): NewLogEvent {
  const { type, traceparent } = event;
  // The door checked that run_id is an id.
  const runId = event.run_id as RunId | undefined;
  const { eventId, threadId, timestamp } = stamp;
  let data = `{"type":${JSON.stringify(type)},"event_id":${JSON.stringify(eventId)}`;
  if (threadId !== undefined) data += `,"thread_id":${JSON.stringify(threadId)}`;
  if (runId !== undefined) data += `,"run_id":${JSON.stringify(runId)}`;
  data += `,"timestamp":${timestamp}`;
  if (traceparent !== undefined) data += `,"traceparent":"${traceparent}"`;
  data += `,"payload":${payloadText}}`;
  // A UTF-16 unit takes at most three bytes: most events need no exact count.
  if (data.length * 3 > maxBytes && Buffer.byteLength(data) > maxBytes) {
    throw new WebSocketError('EVENT_TOO_BIG', `${type}: the event is larger than ${maxBytes} bytes`);
  }
  return {
    eventId,
    type,
    ...(threadId === undefined ? {} : { threadId }),
    ...(runId === undefined ? {} : { runId }),
    timestamp,
    data,
  };
}

/** The event as a client sees it, from what a log holds. */
export function decodeEvent(event: LogEvent): NumberedEvent {
  const decoded = JSON.parse(event.data) as Omit<NumberedEvent, 'offset'>;
  return {
    ...decoded,
    offset: event.offset,
    ...(event.prev === undefined ? {} : { prev: event.prev }),
  };
}

/** The event as the run rules see it, from what a log holds. */
export function toRunEvent(event: NewLogEvent): RunEvent {
  const { payload } = JSON.parse(event.data) as { payload: JsonObject };
  const { type, runId, threadId, timestamp } = event;
  return { type, runId, threadId, timestamp, payload };
}
