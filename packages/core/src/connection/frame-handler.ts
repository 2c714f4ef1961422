import {
  isWebSocketError,
  toThreadId,
  toRunId,
  WebSocketError,
  type ClientFrame,
  type ControlFrame,
  type HelloFrame,
  type ToolApprovalFrame,
  type UserMessageFrame,
} from '@ws/types';
import { threadOf } from '../hub/user-messages.ts';
import type { CredentialWatch } from './credential-watch.ts';
import type { OpenedConnection } from './open-connection.ts';
import type { SessionServices } from './session-services.ts';

/** Everything a frame's handler may need: made for each call, kept by nobody. */
export interface FrameContext extends OpenedConnection {
  readonly credential: CredentialWatch;
  readonly services: SessionServices;
}

/** Does what a frame of an open connection asks. Never throws: what goes wrong is answered with an `error` frame. */
export function handleFrame(frame: Exclude<ClientFrame, HelloFrame>, context: FrameContext): void {
  const { connection, services } = context;
  switch (frame.type) {
    case 'ack':
      connection.acknowledge(frame.offset);
      return;
    case 'ping': {
      const id = frame.id === undefined ? {} : { id: frame.id };
      connection.sendControl({ type: 'pong', ...id, timestamp: services.clock.now() });
      return;
    }
    case 'auth':
      void context.credential.refresh(frame);
      return;
    case 'user_message':
      answer(frame.message_id, userMessage(frame, context), context);
      return;
    case 'cancel_run':
      answer(frame.run_id, cancelRun(frame.run_id, context), context);
      return;
    case 'tool_approval':
      answer(frame.tool_call_id, toolApproval(frame, context), context);
      return;
  }
}

function answer(ref: string, work: Promise<ControlFrame>, { connection, services }: FrameContext): void {
  work.then(
    (frame) => connection.sendControl(frame),
    (error: unknown) => {
      if (!isWebSocketError(error)) services.onError(error);
      connection.sendControl({
        type: 'error',
        code: isWebSocketError(error) ? error.code : 'INTERNAL',
        message: isWebSocketError(error) ? error.message : 'the server could not do this',
        fatal: false,
        ref,
      });
    },
  );
}

async function userMessage(frame: UserMessageFrame, context: FrameContext): Promise<ControlFrame> {
  assertInView(threadOf(frame, context.manager), context);
  const { threadId, runId } = await context.services.userMessages.accept(frame, context.stream, context.manager);
  return { type: 'accepted', ref: frame.message_id, thread_id: threadId, run_id: runId };
}

async function cancelRun(runId: string, context: FrameContext): Promise<ControlFrame> {
  const thread = context.stream.runs.get(toRunId(runId))?.threadId;
  if (thread !== undefined) assertInView(thread, context);
  await context.manager.cancelRun(runId);
  return { type: 'accepted', ref: runId, run_id: runId };
}

async function toolApproval(frame: ToolApprovalFrame, context: FrameContext): Promise<ControlFrame> {
  const thread = context.stream.runs.get(toRunId(frame.run_id))?.threadId;
  if (thread !== undefined) assertInView(thread, context);
  await context.manager.answerApproval({
    runId: frame.run_id,
    toolCallId: frame.tool_call_id,
    approved: frame.approved,
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
  });
  return { type: 'accepted', ref: frame.tool_call_id, run_id: frame.run_id };
}

/** A connection writes where it may read: the credential and the `threads` of its hello bind both ways. */
function assertInView(threadId: string, { connection, credential }: FrameContext): void {
  const inView = connection.threads === null || connection.threads.has(toThreadId(threadId));
  if (inView && credential.allows(threadId)) return;
  throw new WebSocketError('THREAD_NOT_ALLOWED', `thread ${threadId} is not among the threads of this connection`);
}
