import type { MessageId, RunId, ThreadId } from '@ws/types';
import type { UnifiedWebSocketManager } from '../manager.ts';

/** A message that a user sent, and the means to answer it. The message is in the user's stream already. */
export interface UserMessage {
  readonly text: string;
  readonly messageId: MessageId;
  readonly threadId: ThreadId;
  /** Id of the run that answers the message: begin the run with it. */
  readonly runId: RunId;
  /** The manager of the user who sent the message. */
  readonly manager: UnifiedWebSocketManager;
  /**
   * Aborted when the answer is no longer wanted: the user cancelled the run, before or after it began (`RUN_CANCELLED`), or the server
   * drains (`DRAINING` before the run began, `RUN_CANCELLED` after). The reason is a `WebSocketError` with that code.
   */
  readonly signal: AbortSignal;
}

/** What is known of a message before anything answers it. */
export type AcceptedUserMessage = Omit<UserMessage, 'manager' | 'signal'>;

/**
 * Answers a message. It may return (or reject) before the work is done: the client already has its `accepted`, and follows the run by its
 * events.
 *
 * If it throws, the run ends as `failed`, and the user is shown the message of the error as the reason, also where it held the run with
 * `await using`. Throw an error whose message a user may read.
 *
 * It is called once per `message_id`, unless the process died before the run began: then once more when the client asks again.
 *
 * @example
 * ```ts
 * const onUserMessage: UserMessageHandler = async ({ text, threadId, runId, manager, signal }) => {
 *   await using run = await manager.startRun({ agentName: 'analyst', task: text, threadId, runId });
 *   await run.complete({ finalResponse: await model.answer(text, { signal }) });
 * };
 * ```
 */
export type UserMessageHandler = (message: UserMessage) => void | Promise<void>;
