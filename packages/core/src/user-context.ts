import { toThreadId, toUserId, WebSocketError, type ThreadId, type UserId } from '@ws/types';
import { streamKey, type StreamKey } from './stream-key.ts';

/** Whose manager is wanted: the authenticated user, never something a client said. */
export interface UserContext {
  readonly userId: string;
  /** Needed with mode `isolated`: the one thread the manager is bound to. */
  readonly threadId?: string;
  /** `isolated` binds the manager to `threadId` and gives it a stream of its own. Default `unified`. */
  readonly mode?: 'unified' | 'isolated';
}

/** A user context after its check. */
export interface CheckedUserContext {
  readonly userId: UserId;
  readonly isolatedThread: ThreadId | undefined;
  readonly stream: StreamKey;
}

/**
 * Checks a user context.
 *
 * @throws `USER_CONTEXT_REQUIRED` without one, `INVALID_USER_ID` or `INVALID_ID` for an ill-formed one, `INVALID_OPTION` for
 * a mode that cannot be asked for
 */
export function checkUserContext(context: UserContext): CheckedUserContext {
  const given: unknown = context;
  if (typeof given !== 'object' || given === null) {
    throw new WebSocketError('USER_CONTEXT_REQUIRED', 'getWebSocketManager needs a user context: { userId }');
  }
  const { userId, threadId, mode = 'unified' } = context;
  const checkedUser = toUserId(userId);
  switch (mode) {
    case 'unified':
      if (threadId !== undefined) toThreadId(threadId);
      return { userId: checkedUser, isolatedThread: undefined, stream: streamKey(checkedUser) };
    case 'isolated': {
      if (threadId === undefined) {
        throw new WebSocketError(
          'INVALID_ID',
          'mode isolated binds a manager to one thread: give the context a threadId',
        );
      }
      const isolatedThread = toThreadId(threadId);
      return { userId: checkedUser, isolatedThread, stream: streamKey(checkedUser, isolatedThread) };
    }
    default:
      throw new WebSocketError(
        'INVALID_OPTION',
        `a context may ask for mode unified or isolated, not ${String(mode)}: the hub enters the others by itself`,
      );
  }
}
