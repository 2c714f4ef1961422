import type { UnifiedWebSocketManager } from '@ws/core';
import type { ConnectionSocket, Session } from '@ws/core/internal';
import { attachWebSocket, type WsLike } from '@ws/core/ws';
import { WebSocketError } from '@ws/types';
import { LegacyTranslator } from '../legacy-events/legacy-translator.ts';
import type { LegacyShape } from '../legacy-events/legacy-shape.ts';
import { translatedSocket } from '../legacy-events/with-legacy-events.ts';
import { toProtocolFrame } from './client-message.ts';
import { addLink, removeLink, type LegacyLink } from './legacy-links.ts';

/** A socket as legacy code has it: one of the `ws` library, or the port of the core. */
export type LegacySocket = WsLike | ConnectionSocket;

/** How legacy code connects a client. */
export interface LegacyConnectOptions {
  /** The shape of events that the client expects. It is taken for a client of the first system then, which says no `hello`. */
  readonly legacyEvents?: LegacyShape;
  /** The id that legacy code knows the connection by. Default: the connection's own, once it is open. */
  readonly connectionId?: string;
  /** Only events of this thread, and of none. For a client of the first system. */
  readonly threadId?: string;
  /** The same, as a job. */
  readonly jobId?: string;
}

/**
 * Connects a client to its user. With `legacyEvents` it is one of the first system: `hello` is said for it, what it says is
 * understood in the old names, and events reach it in the shape asked for.
 *
 * @throws `INVALID_OPTION` for what is neither a socket of `ws` nor of the core
 */
export function attachLegacyClient(
  manager: UnifiedWebSocketManager,
  socket: LegacySocket,
  options: LegacyConnectOptions = {},
): Session {
  const { legacyEvents, connectionId, jobId } = options;
  const threadId = options.threadId ?? jobId;
  const translator = legacyEvents === undefined ? undefined : new LegacyTranslator(legacyEvents);
  if (translator !== undefined && threadId !== undefined) translator.threads = new Set([threadId]);
  if (translator === undefined && threadId !== undefined) {
    const message = 'a client of the protocol says itself which threads it wants, in hello: give no threadId';
    throw new WebSocketError('INVALID_OPTION', message);
  }
  const accept = (target: ConnectionSocket): Session => {
    const session = manager.attach(translator === undefined ? target : translatedSocket(target, translator));
    const link: LegacyLink = { session, socket, connectionId, jobId, translator };
    follow(manager, link);
    return session;
  };
  const session = bind(socket, accept);
  if (translator !== undefined) greetFor(session);
  return session;
}

function bind(socket: LegacySocket, accept: (target: ConnectionSocket) => Session): Session {
  const given: object = socket;
  if ('readyState' in socket && 'on' in socket) return attachWebSocket(socket, undefined, accept);
  if ('bufferedBytes' in socket && 'terminate' in socket) return accept(socket);
  throw new WebSocketError('INVALID_OPTION', `a socket of ws or a ConnectionSocket is needed, got ${typeof given}`);
}

/** Keeps the link for as long as its socket is open. */
function follow(manager: UnifiedWebSocketManager, link: LegacyLink): void {
  const { session } = link;
  addLink(manager, link);
  const closed = session.closed.bind(session);
  session.closed = () => {
    removeLink(manager, link);
    closed();
  };
}

/** Says hello for a client that does not know it, and understands it from then on. */
function greetFor(session: Session): void {
  const receive = session.receive.bind(session);
  receive(JSON.stringify({ type: 'hello' }));
  session.receive = (text) => {
    const frame = toProtocolFrame(text);
    if (frame === undefined) session.heard();
    else receive(frame);
  };
}
