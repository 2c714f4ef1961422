import * as v from 'valibot';
import { judgeEventName } from './event-names.ts';
import { payloadSchema } from './event-schemas.ts';
import { isCriticalEvent } from './events.ts';
import type { JsonObject } from './json.ts';
import { findJsonLoss, type JsonLoss } from './lossless-json.ts';
import { isPlainDelta } from './plain-delta.ts';
import { check, isRecord, refuse, type ParseResult } from './parse-result.ts';
import { idSchema, jsonObjectSchema } from './schema-parts.ts';
import { isTraceparent } from './traceparent.ts';

/** An event of a publisher after the door, its type no longer tied to the declared ones. */
export interface CheckedEventInput {
  readonly type: string;
  readonly payload: JsonObject;
  readonly thread_id?: string;
  readonly run_id?: string;
  readonly event_id?: string;
  readonly traceparent?: string;
}

const inputSchema: v.GenericSchema<unknown, CheckedEventInput> = v.strictObject({
  type: v.string(),
  payload: jsonObjectSchema,
  thread_id: v.exactOptional(idSchema),
  run_id: v.exactOptional(idSchema),
  event_id: v.exactOptional(idSchema),
  traceparent: v.exactOptional(v.pipe(v.string(), v.check(isTraceparent, 'must be a W3C traceparent'))),
});

const NEEDS_RUN: ReadonlySet<string> = new Set([
  'agent_response_chunk',
  'tool_approval_requested',
  'tool_approval_resolved',
]);

/**
 * Checks an event that somebody wants to publish. Never throws. The envelope takes no other fields than those of the
 * protocol, so that a typing error (`runid`) is an error and not a lost event.
 *
 * Refusals: `INVALID_EVENT`, `UNKNOWN_EVENT_TYPE` (a near miss), `RESERVED_EVENT_TYPE`.
 */
export function parseEventInput(input: unknown): ParseResult<CheckedEventInput> {
  if (!isRecord(input)) return refuse('INVALID_EVENT', 'an event is an object');
  const type = input['type'];
  if (typeof type !== 'string') return refuse('INVALID_EVENT', 'event: field type: must be a string');
  if (isPlainDelta(input)) return { ok: true, value: input as unknown as CheckedEventInput };
  const verdict = judgeEventName(type);
  switch (verdict.kind) {
    case 'ill_formed':
      return refuse(
        'INVALID_EVENT',
        'event: field type: must start with a letter and hold at most 128 letters, digits and _ . : / -',
      );
    case 'reserved':
      return refuse(
        'RESERVED_EVENT_TYPE',
        `${type} names a control frame of the protocol or a signal of its clients: choose another event type`,
      );
    case 'near_miss':
      return refuse('UNKNOWN_EVENT_TYPE', `there is no event type ${type}: did you mean ${verdict.meant}?`);
    case 'protocol':
    case 'application':
  }
  const event = check(inputSchema, input, 'INVALID_EVENT', type);
  if (!event.ok) return event;
  if (event.value.run_id === undefined && (isCriticalEvent(type) || NEEDS_RUN.has(type))) {
    return refuse('INVALID_EVENT', `${type}: field run_id: is required for this type`);
  }
  const payload = check(payloadSchema(type), event.value.payload, 'INVALID_EVENT', `${type} payload`);
  if (!payload.ok) return payload;
  const loss = findJsonLoss(event.value.payload);
  return loss === undefined ? event : refuse('INVALID_EVENT', `${type} payload: ${fieldOf(loss)}${loss.message}`);
}

function fieldOf({ field }: JsonLoss): string {
  return field === '' ? '' : `field ${field}: `;
}
