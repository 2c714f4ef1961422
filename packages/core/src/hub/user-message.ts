import type { MessageId, RunId, ThreadId } from '@ws/types';
import type { UnifiedWebSocketManager } from '../manager.ts';

/** A message of a user that was accepted: it is in the user's stream, and the run that answers it has its id. */
export interface AcceptedUserMessage {
  readonly messageId: MessageId;
  readonly text: string;
  readonly threadId: ThreadId;
  /** The run that is to answer: pass it to `manager.run({ runId })`. */
  readonly runId: RunId;
}

/**
 * Starts the work that answers a message, with the manager of the user who sent it. Returning (or rejecting) before the work
 * is done is fine: the client was told `accepted` already, and follows the run by its events.
 *
 * Called once per `message_id`, unless the process died before the run was started: then once more when the client asks again.
 */
export type UserMessageHandler = (
  message: AcceptedUserMessage,
  manager: UnifiedWebSocketManager,
) => void | Promise<void>;
