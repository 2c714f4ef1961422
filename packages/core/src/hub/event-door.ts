import {
  checkApplicationPayload,
  isTraceparent,
  isWebSocketError,
  parseEventInput,
  WebSocketError,
  type CheckedEventInput,
  type EventInput,
  type EventSchemas,
  type JsonValue,
} from '@ws/types';
import { argsBytes } from '../connection/args-limit.ts';
import type { HubCounters } from '../observe/metrics.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import type { UserStream } from '../stream/user-stream.ts';

/** What an event is checked by, besides the protocol's own schemas. */
interface EventRules {
  /** Arguments of an approval, in bytes of JSON. */
  readonly maxApprovalArgsBytes: number;
  /** Schemas of application events. */
  readonly events: EventSchemas | undefined;
  /** The trace context of whoever emits. */
  readonly traceparent: (() => string | undefined) | undefined;
}

interface EventDoorOptions {
  readonly rules: EventRules;
  readonly counters: HubCounters;
  readonly isClosed: () => boolean;
}

/** The one way into a stream for events of this process: what comes through is checked, and what is refused is counted. */
export class EventDoor {
  readonly #options: EventDoorOptions;

  constructor(options: EventDoorOptions) {
    this.#options = options;
  }

  readonly emit = (stream: UserStream, events: readonly EventInput[]): Promise<readonly EmitReceipt[]> => {
    try {
      this.#assertNotClosed();
      return stream.emit(checkEvents(events, this.#options.rules));
    } catch (error) {
      return this.#refuse(events.length, error);
    }
  };

  /** The way of nearly all events: as {@link EventDoor.emit}, without a list around each. */
  readonly emitOne = (stream: UserStream, event: EventInput): Promise<EmitReceipt> => {
    try {
      this.#assertNotClosed();
      return stream.emitOne(checkEvent(event, this.#options.rules));
    } catch (error) {
      return this.#refuse(1, error);
    }
  };

  #assertNotClosed(): void {
    if (!this.#options.isClosed()) return;
    throw new WebSocketError('HUB_CLOSED', 'the hub was closed: no event is taken');
  }

  #refuse(events: number, error: unknown): Promise<never> {
    const { counters } = this.#options;
    counters.refused += events;
    if (isWebSocketError(error) && error.code === 'EVENT_TOO_BIG') counters.tooBig += 1;
    return Promise.reject(error instanceof Error ? error : new WebSocketError('INTERNAL', String(error)));
  }
}

/**
 * Checks the envelope and the payload of each, application events against the schemas given to the hub.
 *
 * @throws `INVALID_EVENT`, `UNKNOWN_EVENT_TYPE`, `RESERVED_EVENT_TYPE`, `EVENT_TOO_BIG`; in a batch the message says which event it was
 */
function checkEvents(events: readonly EventInput[], rules: EventRules): readonly CheckedEventInput[] {
  return events.map((event, index) => checkEvent(event, rules, events.length === 1 ? '' : `events[${index}]: `));
}

/** The same for one event. `place` goes in front of the message of an error. */
function checkEvent(event: EventInput, rules: EventRules, place = ''): CheckedEventInput {
  const result = parseEventInput(event);
  if (!result.ok) throw new WebSocketError(result.code, `${place}${result.message}`);
  const { type, payload } = result.value;
  if (type === 'tool_approval_requested') assertArgsFit(payload['args'], rules.maxApprovalArgsBytes, place);
  const application = checkApplicationPayload(rules.events, type, payload);
  if (!application.ok) throw new WebSocketError(application.code, `${place}${application.message}`);
  return traced(result.value, rules.traceparent);
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
