import * as v from 'valibot';
import { payloadSchema } from './event-schemas.ts';
import { CONTROL_FRAME_SCHEMAS } from './frame-schemas.ts';
import { check, isRecord, refuse, type ParseResult } from './parse-result.ts';
import { brandedIdSchema, jsonObjectSchema, offsetSchema, timestampSchema } from './schema-parts.ts';
import type { ControlFrame, ControlFrameType, WireFrame } from './server-frames.ts';
import type { NumberedEvent, VolatileEvent } from './events.ts';
import type { EventId, RunId, ThreadId } from './ids.ts';

const envelope = {
  type: v.pipe(v.string(), v.minLength(1)),
  event_id: brandedIdSchema<EventId>(),
  thread_id: v.exactOptional(brandedIdSchema<ThreadId>()),
  run_id: v.exactOptional(brandedIdSchema<RunId>()),
  timestamp: timestampSchema,
  traceparent: v.exactOptional(v.string()),
  payload: jsonObjectSchema,
};

const numberedEvent: v.GenericSchema<unknown, NumberedEvent> = v.object({
  ...envelope,
  offset: v.pipe(offsetSchema, v.minValue(1)),
  prev: v.exactOptional(offsetSchema),
  merged: v.exactOptional(v.pipe(v.number(), v.safeInteger(), v.minValue(2))),
});

const volatileEvent: v.GenericSchema<unknown, VolatileEvent> = v.object({ ...envelope, volatile: v.literal(true) });

/**
 * Reads one text message of a server: one frame, or an array of frames where the client said `batch`. Never throws; each
 * frame of a batch is judged alone, so that one bad frame does not take the others with it.
 *
 * Refusals: `BAD_JSON`, `UNKNOWN_FRAME`, `INVALID_FRAME`.
 */
export function parseServerMessage(text: string): readonly ParseResult<WireFrame>[] {
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch {
    return [refuse('BAD_JSON', 'the message is not valid JSON')];
  }
  return Array.isArray(input) ? input.map(parseServerFrame) : [parseServerFrame(input)];
}

/** Reads one decoded frame of a server; see {@link parseServerMessage}. */
export function parseServerFrame(input: unknown): ParseResult<WireFrame> {
  if (!isRecord(input)) return refuse('INVALID_FRAME', 'a frame is a JSON object');
  const type = input['type'];
  if (typeof type !== 'string') return refuse('UNKNOWN_FRAME', 'the frame has no type');
  if (isControlFrameType(type)) return check<ControlFrame>(CONTROL_FRAME_SCHEMAS[type], input, 'INVALID_FRAME', type);
  const event = check<NumberedEvent | VolatileEvent>(
    input['volatile'] === true ? volatileEvent : numberedEvent,
    input,
    'INVALID_FRAME',
    type,
  );
  if (!event.ok) return event;
  const payload = check(payloadSchema(type), event.value.payload, 'INVALID_FRAME', `${type} payload`);
  return payload.ok ? event : payload;
}

function isControlFrameType(type: string): type is ControlFrameType {
  return Object.hasOwn(CONTROL_FRAME_SCHEMAS, type);
}
