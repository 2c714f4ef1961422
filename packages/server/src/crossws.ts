import { refusalOf } from '@ws/core/ws';
import { isWebSocketError, SUBPROTOCOL, WebSocketError } from '@ws/types';
import { ipOf } from './http/caller.ts';
import { HubServer, type Server } from './server.ts';
import type { Admission } from './websocket/web-endpoint.ts';
import type { WebPeer, WebPeerSocket } from './websocket/web-peer-socket.ts';

/** The part of a `Peer` of crossws that is used, so that this package needs no dependency on it. */
export interface CrosswsPeer {
  readonly context: object;
  readonly remoteAddress: string | undefined;
  readonly bufferedAmount: number;
  /** The socket of the runtime. */
  readonly websocket: object;
  send(data: string): unknown;
  close(code?: number, reason?: string): unknown;
  terminate(): unknown;
  ping(): unknown;
}

/** Hooks for crossws 0.4. */
export interface CrosswsHooks {
  upgrade(request: Request): Promise<Response | { protocol: string; context: Record<string, unknown> }>;
  open(peer: CrosswsPeer): void;
  message(peer: CrosswsPeer, message: { readonly rawData: unknown }): void;
  ping(peer: CrosswsPeer): void;
  pong(peer: CrosswsPeer): void;
  drain(peer: CrosswsPeer): void;
  close(peer: CrosswsPeer, details: { readonly code?: number }): void;
}

export interface AgentHooksOptions {
  /**
   * Says the address of the client that sent an upgrade, for the limits of one address and for `authenticate`.
   *
   * @default the `ip` of srvx's requests (h3, Nitro, `crossws/server`); without it the peer's address, once its socket is open
   */
  readonly address?: (request: Request) => string | undefined;
}

/** Under which name the context of a peer holds what the check of its upgrade has found. */
const ADMISSION = 'agentEvents';

/**
 * Serves the WebSockets of a server wherever [crossws](https://crossws.h3.dev) does: Bun, Deno, Node, and with h3, Nitro and Nuxt. The
 * checks and refusals are those of {@link Server.attach}. The path is what the application routes to these hooks.
 *
 * @throws `INVALID_OPTION` for what is no server of this package
 * @example
 * ```ts
 * import { serve } from 'crossws/server';
 *
 * serve({
 *   fetch: (request) => server.fetch(request, { address: request.ip }),
 *   websocket: agentHooks(server),
 * });
 * ```
 */
export function agentHooks(server: Server, { address = ipOf }: AgentHooksOptions = {}): CrosswsHooks {
  if (!(server instanceof HubServer)) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'agentHooks takes what createServer of the same copy of @ws/server made',
    );
  }
  const { webEndpoint } = server;
  const sockets = new WeakMap<CrosswsPeer, WebPeerSocket>();
  return {
    async upgrade(request) {
      try {
        const admission = await webEndpoint.check(request, address(request));
        return { protocol: SUBPROTOCOL, context: { [ADMISSION]: admission } };
      } catch (error) {
        if (!isWebSocketError(error)) throw error;
        const { status, headers, body } = refusalOf(error).http;
        return new Response(body, { status, headers });
      }
    },
    open(peer) {
      const admission = (peer.context as { readonly [ADMISSION]?: Admission })[ADMISSION];
      // An adapter that loses what `upgrade` said has let a peer in that is not known.
      if (admission === undefined) return void peer.close();
      const { caller } = admission;
      const { remoteAddress = peer.remoteAddress } = caller.socket;
      const socket = { ...caller.socket, remoteAddress };
      sockets.set(peer, webEndpoint.open(asWebPeer(peer), { ...admission, caller: { ...caller, socket } }));
    },
    message: (peer, { rawData }) => sockets.get(peer)?.receive(rawData),
    ping: (peer) => sockets.get(peer)?.heard(),
    pong: (peer) => sockets.get(peer)?.heard(),
    drain: (peer) => sockets.get(peer)?.drained(),
    // Deno says no code.
    close: (peer, { code = 1005 }) => sockets.get(peer)?.gone(code),
  };
}

/** A peer of crossws always has these methods, also where the socket below can neither ping nor be cut off. */
function asWebPeer(peer: CrosswsPeer): WebPeer {
  const { websocket } = peer;
  return {
    send: (text: string) => peer.send(text),
    close: (code?: number, reason?: string) => peer.close(code, reason),
    ...('terminate' in websocket ? { terminate: () => peer.terminate() } : {}),
    ...('ping' in websocket ? { ping: () => peer.ping() } : {}),
    get bufferedAmount() {
      return peer.bufferedAmount;
    },
  };
}
