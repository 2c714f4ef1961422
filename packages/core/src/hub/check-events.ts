import {
  checkApplicationPayload,
  isTraceparent,
  parseEventInput,
  WebSocketError,
  type CheckedEventInput,
  type EventInput,
  type EventSchemas,
  type JsonValue,
} from '@ws/types';
import { argsBytes } from '../connection/args-limit.ts';

/** What the door asks besides the protocol's own schemas. */
export interface EventDoor {
  /** Arguments of an approval, in bytes of JSON. */
  readonly maxApprovalArgsBytes: number;
  /** Schemas of application events. */
  readonly events: EventSchemas | undefined;
  /** The trace context of whoever emits. */
  readonly traceparent: (() => string | undefined) | undefined;
}

/**
 * The door for events: checks the envelope and the payload of each, application events against the schemas given to the hub.
 *
 * @throws `INVALID_EVENT`, `UNKNOWN_EVENT_TYPE`, `RESERVED_EVENT_TYPE`, `EVENT_TOO_BIG`; in a batch the message says which event it was
 */
export function checkEvents(events: readonly EventInput[], door: EventDoor): readonly CheckedEventInput[] {
  return events.map((event, index) => checkEvent(event, door, events.length === 1 ? '' : `events[${index}]: `));
}

/** The same for one event. `place` goes in front of the message of an error. */
export function checkEvent(event: EventInput, door: EventDoor, place = ''): CheckedEventInput {
  const result = parseEventInput(event);
  if (!result.ok) throw new WebSocketError(result.code, `${place}${result.message}`);
  const { type, payload } = result.value;
  if (type === 'tool_approval_requested') assertArgsFit(payload['args'], door.maxApprovalArgsBytes, place);
  const application = checkApplicationPayload(door.events, type, payload);
  if (!application.ok) throw new WebSocketError(application.code, `${place}${application.message}`);
  return traced(result.value, door.traceparent);
}

/** Arguments are limited because the approver has to see all of them, and every connection gets the pending approvals. */
function assertArgsFit(args: JsonValue | undefined, most: number, place: string): void {
  const bytes = argsBytes(args ?? null);
  if (bytes <= most) return;
  const what = `${place}tool_approval_requested payload: field args has ${bytes} bytes of JSON, at most ${most} are taken`;
  throw new WebSocketError('EVENT_TOO_BIG', `${what}: send what a person needs to decide, and a reference to the rest`);
}

/** The event, with the trace context of its emitter where it brings none. A tracer at fault costs the trace, not the event. */
function traced(event: CheckedEventInput, ask: (() => string | undefined) | undefined): CheckedEventInput {
  if (ask === undefined || event.traceparent !== undefined) return event;
  const traceparent = ask();
  return traceparent === undefined || !isTraceparent(traceparent) ? event : { ...event, traceparent };
}
