import {
  checkApplicationPayload,
  isTraceparent,
  parseEventInput,
  WebSocketError,
  type CheckedEventInput,
  type EventInput,
  type EventSchemas,
  type ParseResult,
} from '@ws/types';

/**
 * The door for events: checks the envelope and the payload of each, application events against the schemas given to the hub.
 *
 * @throws `INVALID_EVENT`, `UNKNOWN_EVENT_TYPE`, `RESERVED_EVENT_TYPE`; in a batch the message says which event it was
 */
export function checkEvents(
  events: readonly EventInput[],
  schemas: EventSchemas | undefined,
  traceparent: (() => string | undefined) | undefined,
): readonly CheckedEventInput[] {
  return events.map((event, index) => {
    const result = parseEventInput(event);
    if (!result.ok) throw refusal(result, index, events.length);
    const { type, payload } = result.value;
    const application = checkApplicationPayload(schemas, type, payload);
    if (!application.ok) throw refusal(application, index, events.length);
    return traced(result.value, traceparent);
  });
}

/** The event, with the trace context of its emitter where it brings none. A tracer at fault costs the trace, not the event. */
function traced(event: CheckedEventInput, ask: (() => string | undefined) | undefined): CheckedEventInput {
  if (ask === undefined || event.traceparent !== undefined) return event;
  const traceparent = ask();
  return traceparent === undefined || !isTraceparent(traceparent) ? event : { ...event, traceparent };
}

function refusal(
  { code, message }: Extract<ParseResult<unknown>, { ok: false }>,
  index: number,
  count: number,
): WebSocketError {
  return new WebSocketError(code, count === 1 ? message : `events[${index}]: ${message}`);
}
