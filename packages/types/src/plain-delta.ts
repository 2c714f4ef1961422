import type { CheckedEventInput } from './parse-event-input.ts';
import { isDeltaEvent } from './events.ts';
import { isId } from './ids.ts';
import { isRecord } from './parse-result.ts';

/**
 * Tells at once that an event is a text delta with nothing special about it: what nearly every event of a busy agent is. A
 * `false` says nothing: the schemas judge then, and name what is wrong. Never accepts what the schemas refuse.
 */
export function isPlainDelta(input: Readonly<Record<string, unknown>>): boolean {
  // What an object inherits counts, too: it makes the event none of the plain ones.
  for (const key in input) {
    if (!isPlainField(key as keyof CheckedEventInput, input[key])) return false;
  }
  return input['run_id'] !== undefined && input['type'] !== undefined && input['payload'] !== undefined;
}

function isPlainField(key: keyof CheckedEventInput, value: unknown): boolean {
  switch (key) {
    case 'type':
      return typeof value === 'string' && isDeltaEvent(value);
    case 'payload':
      return isRecord(value) && isPlainPayload(value);
    case 'run_id':
    case 'thread_id':
    case 'event_id':
      return isId(value);
    default:
      return false;
  }
}

/** A delta, and beside it only what JSON carries as it is and need not be looked into. */
function isPlainPayload(payload: Readonly<Record<string, unknown>>): boolean {
  for (const key in payload) if (key !== 'delta' && !isPlainValue(payload[key])) return false;
  return typeof payload['delta'] === 'string';
}

function isPlainValue(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isSafeInteger(value)
    : typeof value === 'string' || typeof value === 'boolean';
}
