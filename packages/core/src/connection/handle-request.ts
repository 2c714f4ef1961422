import {
  toMessageId,
  toRunId,
  WebSocketError,
  type AcceptedFrame,
  type CancelRunFrame,
  type ReadApprovalFrame,
  type RunId,
  type ToolApprovalFrame,
  type UserMessageFrame,
} from '@ws/types';
import { threadOf, type UserMessages } from '../agent/user-messages.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import { reservedRunId } from '../run/reserved-ids.ts';
import type { KnownRun, RunRegistry } from '../agent/run-registry.ts';
import type { UserStream } from '../stream/user-stream.ts';
import type { Authentication } from '../authentication.ts';
import type { Authorization, ProposedUserMessage } from './authorization.ts';

/** A frame that asks for something and is answered. */
export type RequestFrame = UserMessageFrame | CancelRunFrame | ToolApprovalFrame | ReadApprovalFrame;

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
  readonly runs: Pick<RunRegistry, 'find' | 'known'>;
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
      return cancelRun(frame, requester, services);
    case 'tool_approval':
      return toolApproval(frame, requester, services);
    case 'read_approval':
      return readApproval(frame, requester, services);
  }
}

async function userMessage(
  frame: UserMessageFrame,
  requester: Requester,
  { userMessages, runs, authorization }: RequestServices,
): Promise<AcceptedFrame> {
  const { authentication, stream, manager } = requester;
  const messageId = toMessageId(frame.message_id);
  const asked = { messageId, threadId: threadOf(frame, manager), text: frame.payload.text };
  if (!requester.allows(asked.threadId)) {
    throw new WebSocketError(
      'THREAD_NOT_ALLOWED',
      `user_message: this connection may not use thread ${asked.threadId}`,
    );
  }
  const judge = async (message: ProposedUserMessage): Promise<void> => {
    if ((await authorization.mayStartRun?.(authentication, message)) !== false) return;
    throw new WebSocketError('FORBIDDEN', 'user_message: this user may not start a run now');
  };
  // Retention may have deleted a message whose run is still known.
  const run = runs.known(stream, reservedRunId(messageId));
  if (run !== undefined) assertAllowed(run, `user_message: message ${messageId}`, requester);
  await judge(asked);
  const { threadId, runId } = await userMessages.accept(frame, stream, manager, async (stored) => {
    assertAllowed(stored, `user_message: message ${messageId}`, requester);
    await judge(stored);
  });
  return { type: 'accepted', ref: messageId, thread_id: threadId, run_id: runId };
}

async function cancelRun(
  { type, run_id }: CancelRunFrame,
  requester: Requester,
  services: RequestServices,
): Promise<AcceptedFrame> {
  await assertRunAllowed(type, toRunId(run_id), requester, services);
  await requester.manager.cancelRun(run_id);
  return { type: 'accepted', ref: run_id, run_id };
}

async function toolApproval(
  frame: ToolApprovalFrame,
  requester: Requester,
  services: RequestServices,
): Promise<AcceptedFrame> {
  await assertRunAllowed(frame.type, toRunId(frame.run_id), requester, services);
  await requester.manager.answerApproval({
    runId: frame.run_id,
    toolCallId: frame.tool_call_id,
    approved: frame.approved,
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
  });
  return { type: 'accepted', ref: frame.tool_call_id, run_id: frame.run_id };
}

/** From memory, and not from the log: the event of an approval that waits may be deleted by now. */
async function readApproval(
  { type, run_id, tool_call_id }: ReadApprovalFrame,
  requester: Requester,
  services: RequestServices,
): Promise<AcceptedFrame> {
  const runId = toRunId(run_id);
  await assertRunAllowed(type, runId, requester, services);
  const approval = requester.stream.runs.get(runId)?.approvals.get(tool_call_id);
  if (approval !== undefined) return { type: 'accepted', ref: tool_call_id, run_id, args: approval.args };
  throw new WebSocketError('APPROVAL_NOT_PENDING', `${type}: tool call ${tool_call_id} has no pending approval`);
}

/** A run that is not found is refused here: it might begin, in a thread that is not allowed, before the request is done. */
async function assertRunAllowed(
  type: RequestFrame['type'],
  runId: RunId,
  requester: Requester,
  { runs }: RequestServices,
): Promise<void> {
  const run = await runs.find(requester.stream, runId);
  if (run === undefined) throw new WebSocketError('RUN_NOT_OPEN', `${type}: there is no run ${runId}`);
  assertAllowed(run, `${type}: run ${runId}`, requester);
}

/** The refusal does not name the thread: the client may not know of it. */
function assertAllowed({ threadId }: KnownRun, what: string, requester: Requester): void {
  if (threadId === undefined || requester.allows(threadId)) return;
  throw new WebSocketError('THREAD_NOT_ALLOWED', `${what} belongs to a thread that this connection may not use`);
}
