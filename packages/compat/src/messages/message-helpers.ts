import { judgeEventName, WebSocketError, type JsonObject } from '@ws/types';
import { noteUse } from '../deprecated-use.ts';
import { toJsonObject, toJsonValue } from '../legacy-emit/json-safe.ts';
import { canonicalEventType, isUserMessageType } from '../legacy-emit/message-type-aliases.ts';
import type { ErrorMessage, ServerMessage, WebSocketMessage } from './old-messages.ts';

/** @deprecated WSDEP039: use the frames of `@ws/types`. Removed in 2.0.0. */
export function createServerMessage(type: string, data: object, correlationId?: string): ServerMessage {
  noteUse('createServerMessage', createServerMessage);
  const correlation = correlationId === undefined ? {} : { correlation_id: correlationId };
  return { type: canonicalType(type), data: toJsonObject(data), timestamp: seconds(), ...correlation };
}

/** @deprecated WSDEP040: use the frames of `@ws/types`. Removed in 2.0.0. */
export function createErrorMessage(code: string, message: string, details?: object): ErrorMessage {
  noteUse('createErrorMessage', createErrorMessage);
  const more = details === undefined ? {} : { details: toJsonObject(details) };
  return { type: 'error', error_code: code, error_message: message, ...more, timestamp: seconds() };
}

/** @deprecated WSDEP041: use the frames of `@ws/types`. Removed in 2.0.0. */
export function createStandardMessage(
  type: string,
  payload: object,
  ids: { readonly userId?: string; readonly threadId?: string } = {},
): WebSocketMessage {
  noteUse('createStandardMessage', createStandardMessage);
  return standardMessage(type, toJsonObject(payload), ids);
}

/**
 * The message as JSON carries it: dates as ISO text, maps as objects, sets as arrays. Throws `INVALID_EVENT` for a circle.
 * @deprecated WSDEP042: use the frames of `@ws/types`. Removed in 2.0.0.
 */
export function serializeMessageSafely(message: unknown): JsonObject {
  noteUse('serializeMessageSafely', serializeMessageSafely);
  const json = toJsonValue(message);
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as JsonObject) : { value: json };
}

/**
 * The canonical name of a message type. Throws `UNKNOWN_EVENT_TYPE` for a near miss: it is never guessed.
 * @deprecated WSDEP043: use the frames of `@ws/types`. Removed in 2.0.0.
 */
export function normalizeMessageType(type: string): string {
  noteUse('normalizeMessageType', normalizeMessageType);
  return canonicalType(type);
}

/** @deprecated WSDEP044: use the frames of `@ws/types`. Removed in 2.0.0. */
export function getFrontendMessageType(type: string): string {
  noteUse('getFrontendMessageType', getFrontendMessageType);
  return canonicalType(type);
}

/** A message of the old shape around `payload`. Says nothing: whoever calls it has done so. */
export function standardMessage(
  type: string,
  payload: JsonObject,
  { userId, threadId }: { readonly userId?: string; readonly threadId?: string } = {},
): WebSocketMessage {
  return {
    type: canonicalType(type),
    payload,
    timestamp: seconds(),
    message_id: globalThis.crypto.randomUUID(),
    ...(userId === undefined ? {} : { user_id: userId }),
    ...(threadId === undefined ? {} : { thread_id: threadId }),
  };
}

function canonicalType(type: string): string {
  if (isUserMessageType(type)) return 'user_message';
  const canonical = canonicalEventType(type);
  const verdict = judgeEventName(canonical);
  if (verdict.kind === 'near_miss') {
    throw new WebSocketError('UNKNOWN_EVENT_TYPE', `there is no event type ${type}: did you mean ${verdict.meant}?`);
  }
  if (verdict.kind === 'ill_formed')
    throw new WebSocketError('INVALID_EVENT', `${type} is not the name of an event type`);
  return canonical;
}

function seconds(): number {
  return Date.now() / 1000;
}
