import {
  isWebSocketError,
  publicMessage,
  toThreadId,
  type ClientFrame,
  type HelloFrame,
  type SetThreadsFrame,
} from '@ws/types';
import { contextOf } from '../authentication.ts';
import type { CredentialWatch } from './credential-watch.ts';
import { handleRequest, type RequestFrame } from './handle-request.ts';
import { allowedThreads, openRunsOf, type OpenedConnection } from './open-connection.ts';
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
    case 'set_threads':
      setThreads(frame, context);
      return;
    case 'user_message':
      answer(frame, frame.message_id, context);
      return;
    case 'cancel_run':
      answer(frame, frame.run_id, context);
      return;
    case 'tool_approval':
    case 'read_approval':
      answer(frame, frame.tool_call_id, context);
      return;
  }
}

function answer(frame: RequestFrame, ref: string, context: FrameContext): void {
  const { connection, stream, credential, services } = context;
  const requester = {
    authentication: credential.current,
    manager: services.manager(contextOf(credential.current)),
    stream,
    // The credential and the threads it sees bind both ways.
    allows: (threadId: string) =>
      (connection.threads === null || connection.threads.has(toThreadId(threadId))) && credential.allows(threadId),
  };
  handleRequest(frame, requester, services).then(
    (accepted) => connection.sendControl(accepted),
    (error: unknown) => refuse(error, ref, context),
  );
}

/** Done at once: what follows the answer in the stream is in the new view. */
function setThreads({ type, request_id, threads }: SetThreadsFrame, context: FrameContext): void {
  const { connection, stream, credential } = context;
  try {
    const offset = connection.setThreads(allowedThreads(type, threads, credential.current));
    connection.sendControl({
      type: 'accepted',
      ref: request_id,
      offset,
      ...(threads === undefined ? {} : { threads }),
      open_runs: openRunsOf(stream, connection.threads),
    });
  } catch (error) {
    refuse(error, request_id, context);
  }
}

function refuse(error: unknown, ref: string, { connection, services }: FrameContext): void {
  if (!isWebSocketError(error)) services.onError(error);
  connection.sendControl({
    type: 'error',
    code: isWebSocketError(error) ? error.code : 'INTERNAL',
    message: isWebSocketError(error) ? publicMessage(error) : 'the server could not do this',
    fatal: false,
    ref,
  });
}
