import { WebSocketError } from './errors.ts';

declare const brand: unique symbol;

/** A string that was checked to be an id of one kind, so that a run id can never be passed where a user id is meant. */
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

export type UserId = Branded<'UserId'>;
export type ThreadId = Branded<'ThreadId'>;
export type RunId = Branded<'RunId'>;
export type EventId = Branded<'EventId'>;
export type ConnectionId = Branded<'ConnectionId'>;
export type ToolCallId = Branded<'ToolCallId'>;
export type MessageId = Branded<'MessageId'>;

/** Longest id accepted, in UTF-16 units. */
export const MAX_ID_LENGTH = 128;
const ID_RULE = `1 to ${MAX_ID_LENGTH} visible characters without white space`;

// No white space and no control, format, private or unassigned code points: such ids collide or vanish in logs and URLs.
const ID_PATTERN = /^[^\s\p{C}]+$/u;
/** What nearly every id is made of, and quicker to tell. */
const ASCII_ID_PATTERN = /^[!-~]{1,128}$/;

/** Tells whether a value is a well-formed id: 1 to {@link MAX_ID_LENGTH} visible characters without white space. */
export function isId(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  return ASCII_ID_PATTERN.test(value) || (value.length <= MAX_ID_LENGTH && ID_PATTERN.test(value));
}

/**
 * Tells whether a value is a well-formed user id: an {@link isId | id}, and neither `.` nor `..`. A user id is a segment of paths
 * (`/v1/users/{user_id}/events`), and every HTTP client takes these two, however they are encoded, for this folder and the one above.
 */
export function isUserId(value: unknown): value is string {
  return isId(value) && value !== '.' && value !== '..';
}

function idConstructor<Id extends string>(kind: string) {
  return (value: string): Id => {
    if (isId(value)) return value as Id;
    throw new WebSocketError('INVALID_ID', `${kind} must be ${ID_RULE}, got ${describe(value)}`);
  };
}

function describe(value: unknown): string {
  if (typeof value !== 'string') return value === null ? 'null' : typeof value;
  if (value.length === 0) return 'an empty string';
  if (value === '.' || value === '..') return `'${value}'`;
  return value.length > MAX_ID_LENGTH ? `${value.length} characters` : 'other characters';
}

/** Checks and brands a user id. Throws `INVALID_USER_ID`. */
export function toUserId(value: string): UserId {
  if (isUserId(value)) return value as UserId;
  throw new WebSocketError(
    'INVALID_USER_ID',
    `user id must be ${ID_RULE}, and neither '.' nor '..', got ${describe(value)}`,
  );
}
/** Checks and brands a thread id. Throws `INVALID_ID`. */
export const toThreadId: (value: string) => ThreadId = idConstructor<ThreadId>('thread id');
/** Checks and brands a run id. Throws `INVALID_ID`. */
export const toRunId: (value: string) => RunId = idConstructor<RunId>('run id');
/** Checks and brands an event id. Throws `INVALID_ID`. */
export const toEventId: (value: string) => EventId = idConstructor<EventId>('event id');
/** Checks and brands a tool call id. Throws `INVALID_ID`. */
export const toToolCallId: (value: string) => ToolCallId = idConstructor<ToolCallId>('tool call id');
/** Checks and brands a message id. Throws `INVALID_ID`. */
export const toMessageId: (value: string) => MessageId = idConstructor<MessageId>('message id');
/** Checks and brands a connection id. Throws `INVALID_ID`. */
export const toConnectionId: (value: string) => ConnectionId = idConstructor<ConnectionId>('connection id');
