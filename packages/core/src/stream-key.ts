import { createHash } from 'node:crypto';
import { isId, toThreadId, toUserId, type ThreadId, type UserId } from '@ws/types';

declare const brand: unique symbol;

/** Name of a stream in a log: the user, and the thread where the stream is an isolated one's. */
export type StreamKey = string & { readonly [brand]: 'StreamKey' };

// A blank can't be part of an id, so no user id can be made to look like another one's thread.
const SEPARATOR = ' ';

/** Where revocations are announced. No user's stream: those begin with a user id, and none is empty. */
export const REVOCATIONS_STREAM = `${SEPARATOR}revocations` as StreamKey;

/** Where calls to agents elsewhere stand until they are taken. No user's stream, as that of revocations. */
export const AGENT_CALLS_STREAM = `${SEPARATOR}agent-calls` as StreamKey;

/** The stream of a user, or of one isolated thread of a user. */
export function streamKey(userId: UserId, isolatedThread?: ThreadId): StreamKey {
  return (isolatedThread === undefined ? userId : `${userId}${SEPARATOR}${isolatedThread}`) as StreamKey;
}

/** The user (and isolated thread) a stream belongs to. Throws `INVALID_USER_ID` or `INVALID_ID` for other strings. */
export function parseStreamKey(key: StreamKey): { readonly userId: UserId; readonly isolatedThread?: ThreadId } {
  const [user = '', thread] = key.split(SEPARATOR, 2);
  // Versions before let `.` and `..` be users. No credential names them any more, and their events in the log do no harm.
  const userId = isId(user) ? (user as UserId) : toUserId(user);
  return thread === undefined ? { userId } : { userId, isolatedThread: toThreadId(thread) };
}

/**
 * What stands behind an epoch of the log in the positions of one stream. A log may number all of its streams under one epoch; with this
 * mark a position is good in its own stream alone, and another user who sends it is answered with `reset`.
 */
export function epochMark(key: StreamKey): string {
  return `.${createHash('sha256').update(key).digest('base64url').slice(0, 8)}`;
}
