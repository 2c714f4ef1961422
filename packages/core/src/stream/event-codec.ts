import {
  isDeltaEvent,
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
  /** Whether the id was made for this event, which was never on its way to a log before. */
  readonly fresh?: boolean;
}

/** Characters that JSON carries as they are: what nearly every id is made of. */
const PLAIN_ID = /^[!#-[\]-~]*$/;

/**
 * What envelopes have in common that follow each other: the type, and from the thread to the timestamp. A run's deltas differ in
 * their id, their time and their payload alone, so the rest of their text is made once.
 */
export class Envelopes {
  #type = '';
  #beforeId = '';
  #threadId: ThreadId | undefined;
  #runId: RunId | undefined;
  #place = placeText(undefined, undefined);
  #timestamp = -1;
  #afterId = '';

  /** Text up to the event id, with its opening quote. */
  beforeId(type: string): string {
    if (type !== this.#type) {
      this.#type = type;
      this.#beforeId = `{"type":${JSON.stringify(type)},"event_id":"`;
    }
    return this.#beforeId;
  }

  /** Text from the event id's closing quote to the payload. */
  afterId(threadId: ThreadId | undefined, runId: RunId | undefined, timestamp: number): string {
    const isElsewhere = threadId !== this.#threadId || runId !== this.#runId;
    if (isElsewhere) {
      this.#threadId = threadId;
      this.#runId = runId;
      this.#place = placeText(threadId, runId);
    }
    if (isElsewhere || timestamp !== this.#timestamp) {
      this.#timestamp = timestamp;
      this.#afterId = `${this.#place}${timestamp},"payload":`;
    }
    return this.#afterId;
  }
}

function placeText(threadId: ThreadId | undefined, runId: RunId | undefined): string {
  const thread = threadId === undefined ? '' : `,"thread_id":${JSON.stringify(threadId)}`;
  const run = runId === undefined ? '' : `,"run_id":${JSON.stringify(runId)}`;
  return `"${thread}${run},"timestamp":`;
}

const DELTA_FIRST = '{"delta":';

function withDeltaFirst(text: string): string {
  const { delta, ...others } = JSON.parse(text) as JsonObject;
  return JSON.stringify({ delta, ...others });
}

/**
 * Encodes a payload. Its delta comes first, if it has one: see `delta-text.ts`.
 *
 * @throws `INVALID_EVENT` if it holds what JSON can't carry
 */
export function encodePayload({ type, payload }: CheckedEventInput): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(payload);
    if (isDeltaEvent(type) && text?.startsWith(DELTA_FIRST) === false) text = withDeltaFirst(text);
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
  envelopes: Envelopes = new Envelopes(),
): NewLogEvent {
  const { type, traceparent } = event;
  // The door checked that run_id is an id.
  const runId = event.run_id as RunId | undefined;
  const { eventId, threadId, timestamp, fresh } = stamp;
  const id = PLAIN_ID.test(eventId) ? eventId : JSON.stringify(eventId).slice(1, -1);
  const after =
    traceparent === undefined
      ? envelopes.afterId(threadId, runId, timestamp)
      : `${placeText(threadId, runId)}${timestamp},"traceparent":"${traceparent}","payload":`;
  const data = `${envelopes.beforeId(type)}${id}${after}${payloadText}}`;
  // Counting also puts the text together: until then its parts stay in memory.
  if (Buffer.byteLength(data) > maxBytes) {
    throw new WebSocketError('EVENT_TOO_BIG', `${type}: the event is larger than ${maxBytes} bytes`);
  }
  // Each shape is written out, which makes an object of it in one go.
  if (fresh !== true) {
    const thread = threadId === undefined ? {} : { threadId };
    return { eventId, type, ...thread, ...(runId === undefined ? {} : { runId }), timestamp, data };
  }
  if (threadId === undefined) {
    if (runId === undefined) return { eventId, type, timestamp, data, fresh };
    return { eventId, type, runId, timestamp, data, fresh };
  }
  if (runId === undefined) return { eventId, type, threadId, timestamp, data, fresh };
  return { eventId, type, threadId, runId, timestamp, data, fresh };
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

/** The same as JSON. */
export function numberedText({ offset, prev, data }: LogEvent): string {
  return `{"offset":${offset}${prev === undefined ? '' : `,"prev":${prev}`},${data.slice(1)}`;
}

/** The event as the run rules see it, from what a log holds. */
export function toRunEvent(event: NewLogEvent): RunEvent {
  const { payload } = JSON.parse(event.data) as { payload: JsonObject };
  const { type, runId, threadId, timestamp } = event;
  return { type, runId, threadId, timestamp, payload };
}
