import { WebSocketError, type JsonObject } from '@ws/types';
import { ENVELOPE } from './input-names.ts';
import { toJsonObject } from './json-safe.ts';
import { canonicalEventType } from './message-type-aliases.ts';

/** An event as a legacy call hands it over: its canonical type, and its fields under whatever names. */
export interface LegacyEvent {
  readonly type: string;
  readonly fields: JsonObject;
  readonly runId?: string;
  readonly threadId?: string;
  readonly eventId?: string;
}

/** A message of any of the old shapes: fields beside the type, or under `payload`, or under `data`. */
export type LegacyMessage = Readonly<Record<string, unknown>>;

/** What a legacy call says beside its message. */
export interface LegacyIds {
  readonly runId?: string;
  readonly threadId?: string;
}

/**
 * Reads an event of a legacy call.
 *
 * @throws `INVALID_EVENT` for what has no type or can't be JSON
 */
export function readLegacyEvent(type: unknown, message: unknown, ids: LegacyIds = {}): LegacyEvent {
  if (typeof type !== 'string') throw new WebSocketError('INVALID_EVENT', 'a legacy message has a type');
  if (typeof message !== 'object' || message === null || Array.isArray(message)) {
    throw new WebSocketError('INVALID_EVENT', `${type}: a legacy message is an object`);
  }
  const outer = toJsonObject(message);
  const inner = innerFields(outer);
  const all: JsonObject = { ...outer, ...inner };
  const fields = Object.fromEntries(Object.entries({ ...withoutNests(outer, inner), ...inner }).filter(isField));
  const runId = ids.runId ?? textOf(outer, 'run_id', 'runId') ?? textOf(all, 'run_id', 'runId');
  const threadId = ids.threadId ?? textOf(outer, 'thread_id', 'threadId') ?? textOf(all, 'thread_id', 'threadId');
  const eventId = textOf(outer, 'event_id', 'eventId');
  return {
    type: canonicalEventType(type),
    fields,
    ...(runId === undefined ? {} : { runId }),
    ...(threadId === undefined ? {} : { threadId }),
    ...(eventId === undefined ? {} : { eventId }),
  };
}

/** The type of a message: in the oldest shape it stood under `event_type`. */
export function typeOfMessage(message: unknown): unknown {
  if (typeof message !== 'object' || message === null) return undefined;
  const { type, event_type: eventType } = message as LegacyMessage;
  return type ?? eventType;
}

/** The user a message says it is for, if it says so. */
export function userOfMessage(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { user_id: snake, userId: camel } = message as LegacyMessage;
  if (typeof snake === 'string') return snake;
  return typeof camel === 'string' ? camel : undefined;
}

function innerFields({ payload, data }: JsonObject): JsonObject {
  for (const nest of [payload, data]) {
    if (typeof nest === 'object' && nest !== null && !Array.isArray(nest)) return nest as JsonObject;
  }
  return {};
}

function withoutNests(outer: JsonObject, inner: JsonObject): JsonObject {
  const { payload, data, ...rest } = outer;
  return {
    ...rest,
    ...(payload === undefined || payload === inner ? {} : { payload }),
    ...(data === undefined || data === inner ? {} : { data }),
  };
}

function isField([name]: readonly [string, unknown]): boolean {
  return !ENVELOPE.has(name);
}

function textOf(fields: JsonObject, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
}
