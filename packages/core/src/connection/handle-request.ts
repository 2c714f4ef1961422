import {
  toRunId,
  WebSocketError,
  type AcceptedFrame,
  type CancelRunFrame,
  type RunId,
  type ToolApprovalFrame,
  type UserMessageFrame,
} from '@ws/types';
import { threadOf, type UserMessages } from '../hub/user-messages.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import { lookUpRun } from '../run/run-desk.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { Authentication } from './authentication.ts';
import type { Authorization } from './authorization.ts';

/** A frame that asks for something and is answered. */
export type RequestFrame = UserMessageFrame | CancelRunFrame | ToolApprovalFrame;

/** Who asks. */
export interface Requester {
  readonly authentication: Authentication;
  readonly manager: UnifiedWebSocketManager;
  readonly stream: UserStream;
  /** Whether it may touch a thread: it writes where it may read. */
  allows(threadId: string): boolean;
}

export interface RequestServices {
  readonly userMessages: UserMessages;
  readonly authorization: Authorization;
}

/**
 * Does what a frame asks.
 *
 * @throws `THREAD_NOT_ALLOWED`, `FORBIDDEN`, and what the agent's side throws: `NO_AGENT`, `RUN_LIMIT`, `RUN_NOT_OPEN`,
 * `APPROVAL_NOT_PENDING`, …
 */
export async function handleRequest(
  frame: RequestFrame,
  requester: Requester,
  services: RequestServices,
): Promise<AcceptedFrame> {
  switch (frame.type) {
    case 'user_message':
      return userMessage(frame, requester, services);
    case 'cancel_run':
      return cancelRun(frame.run_id, requester);
    case 'tool_approval':
      return toolApproval(frame, requester);
  }
}

async function userMessage(
  frame: UserMessageFrame,
  requester: Requester,
  { userMessages, authorization }: RequestServices,
): Promise<AcceptedFrame> {
  const { authentication, stream, manager } = requester;
  const asked = threadOf(frame, manager);
  assertAllowed(asked, requester);
  if (authorization.mayStartRun !== undefined) {
    const message = { messageId: frame.message_id, threadId: asked, text: frame.payload.text };
    const may = await authorization.mayStartRun(authentication, message);
    if (!may) throw new WebSocketError('FORBIDDEN', 'user_message: this user may not start a run now');
  }
  const { threadId, runId } = await userMessages.accept(frame, stream, manager);
  return { type: 'accepted', ref: frame.message_id, thread_id: threadId, run_id: runId };
}

async function cancelRun(runId: string, requester: Requester): Promise<AcceptedFrame> {
  await assertRunAllowed(toRunId(runId), requester);
  await requester.manager.cancelRun(runId);
  return { type: 'accepted', ref: runId, run_id: runId };
}

async function toolApproval(frame: ToolApprovalFrame, requester: Requester): Promise<AcceptedFrame> {
  await assertRunAllowed(toRunId(frame.run_id), requester);
  await requester.manager.answerApproval({
    runId: frame.run_id,
    toolCallId: frame.tool_call_id,
    approved: frame.approved,
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
  });
  return { type: 'accepted', ref: frame.tool_call_id, run_id: frame.run_id };
}

/** A run that was never heard of here may be one of another process, in a thread that is not allowed: the log is asked first. */
async function assertRunAllowed(runId: RunId, requester: Requester): Promise<void> {
  await lookUpRun(requester.stream, runId);
  const thread = requester.stream.runs.get(runId)?.threadId;
  if (thread !== undefined) assertAllowed(thread, requester);
}

function assertAllowed(threadId: string, requester: Requester): void {
  if (requester.allows(threadId)) return;
  throw new WebSocketError('THREAD_NOT_ALLOWED', `thread ${threadId} is not among the threads of this connection`);
}
