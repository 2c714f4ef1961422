import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Hub } from '@ws/core';
import { systemClock } from '@ws/core/log';
import { attachWebSocket, refuseWebSocket } from '@ws/core/ws';
import { isWebSocketError, SUBPROTOCOL, WebSocketError } from '@ws/types';
import type { Logger } from 'pino';
import { WebSocketServer, type ServerOptions } from 'ws';
import type { Caller } from '../http/caller.ts';
import { offeredSubprotocols, type UserCredentials } from '../auth/user-credentials.ts';
import type { AddressLimit } from '../limits/address-limit.ts';
import type { SocketMetrics } from '../observe/socket-metrics.ts';
import { hasTwoHosts, TWO_HOSTS } from '../http/two-hosts.ts';
import { AFewInATurn } from './a-few-in-a-turn.ts';
import type { OriginCheck } from './origin-check.ts';

export interface WebSocketEndpointOptions {
  readonly hub: Hub;
  readonly credentials: UserCredentials;
  /** Throws for a request that is not answered at all. */
  readonly assertAnswered: (request: Caller) => void;
  readonly isOriginAllowed: OriginCheck;
  readonly addresses: AddressLimit;
  readonly maxMessageBytes: number;
  readonly metrics: SocketMetrics;
  readonly logger: Logger;
}

/** Time a peer has to answer the closing handshake, before it is cut off. */
const CLOSE_TIMEOUT_MS = 5_000;

/** Fragments that a message may come in, where its longest has fewer kibibytes; more close with 1008. */
const MIN_FRAGMENTS = 128;

export const UPGRADES_ONLY =
  'this address takes WebSocket upgrades only: a proxy on the way may have dropped the header Upgrade';

/** Whether a request asks to become a WebSocket, and not something else (`h2c`). */
export function isWebSocketUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

export interface WebSocketEndpoint {
  /** Takes an upgrade at the path that WebSockets are served at: checks it, tells a refusal, hands a good socket to the hub. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Cuts off the peers that have not answered the closing handshake. */
  cutOff(): void;
}

export function openWebSocketEndpoint(options: WebSocketEndpointOptions): WebSocketEndpoint {
  const { hub, credentials, metrics } = options;
  // HTTP forgets a socket that was upgraded, but does not end while it is open.
  const upgraded = new Set<Duplex>();
  const inTurn = new AFewInATurn(systemClock);
  // The types of `ws` do not know these two yet.
  const serverOptions: ServerOptions & { readonly closeTimeout: number; readonly maxFragments: number } = {
    noServer: true,
    clientTracking: false,
    maxPayload: options.maxMessageBytes,
    // Each costs time and counts for nothing: limits of rate count messages. No client cuts them so small.
    maxFragments: Math.max(MIN_FRAGMENTS, Math.ceil(options.maxMessageBytes / 1_024)),
    perMessageDeflate: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    // Only ever the protocol's name: a token in another entry is never echoed.
    handleProtocols: () => SUBPROTOCOL,
  };
  const sockets = new WebSocketServer(serverOptions);
  sockets.on('wsClientError', (error, socket, request) => {
    metrics.refused('BAD_REQUEST');
    const message = `the WebSocket handshake is malformed: ${error.message}`;
    refuseWebSocket(request, socket, { code: 'BAD_REQUEST', message });
  });
  const open = (path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // Gone before its turn: what is counted until it closes would be counted for ever.
    if (socket.destroyed) return;
    admit(request, path, options)
      .then(async (url) => ({ url, authentication: await credentials.ofRequest(request, url) }))
      .then(({ url, authentication }) => {
        const who = authentication === undefined ? {} : { authentication };
        // Also: the hub may have begun to drain while the credential was checked.
        const refusal = hub.refusalFor(who);
        if (refusal !== undefined) throw refusal;
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          keepWhileOpen(upgraded, socket);
          metrics.opened(webSocket, request.socket);
          attachWebSocket(webSocket, socket, (adapter) =>
            hub.accept(adapter, { authenticate: credentials.ofFrames(request, url), ...who }),
          );
        });
      })
      .catch((error: unknown) => refuse(error, request, socket, options));
  };

  return {
    upgrade(path, request, socket, head) {
      socket.on('error', destroy);
      inTurn.add(() => open(path, request, socket, head));
    },
    cutOff() {
      for (const socket of upgraded) socket.destroy();
    },
  };
}

// Functions of their own, because what stays on a socket for its life would keep the whole request in memory with it.

function destroy(this: Duplex): void {
  this.destroy();
}

function keepWhileOpen(sockets: Set<Duplex>, socket: Duplex): void {
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
}

async function admit(request: IncomingMessage, path: string, options: WebSocketEndpointOptions): Promise<URL> {
  options.assertAnswered(request);
  const url = requestUrl(request);
  if (url.pathname !== path) {
    throw new WebSocketError('NOT_FOUND', `WebSocket connections are accepted at ${path} only`);
  }
  if (request.method !== 'GET' || !isWebSocketUpgrade(request)) throw new WebSocketError('BAD_REQUEST', UPGRADES_ONLY);
  if (hasTwoHosts(request)) throw new WebSocketError('BAD_REQUEST', TWO_HOSTS);
  assertOffersProtocol(request);
  assertMayOpen(request, options);
  options.addresses.enter(request, request.socket);
  return url;
}

/** Throws `SUBPROTOCOL_REQUIRED`. */
export function assertOffersProtocol(caller: Caller): void {
  if (offeredSubprotocols(caller).includes(SUBPROTOCOL)) return;
  throw new WebSocketError('SUBPROTOCOL_REQUIRED', `offer the subprotocol ${SUBPROTOCOL}`);
}

/** Throws `ORIGIN_NOT_ALLOWED`, and what the hub refuses everybody with. */
export function assertMayOpen(
  caller: Caller,
  { hub, isOriginAllowed }: Pick<WebSocketEndpointOptions, 'hub' | 'isOriginAllowed'>,
): void {
  if (!isOriginAllowed(caller)) {
    throw new WebSocketError(
      'ORIGIN_NOT_ALLOWED',
      'pages of this origin may not connect: add the origin to WS_ALLOWED_ORIGINS',
    );
  }
  if (hub.refusal !== undefined) throw hub.refusal;
}

export function requestUrl(request: IncomingMessage): URL {
  try {
    const { url = '/' } = request;
    // A path may begin with two slashes: it is still a path, and names no host.
    return new URL(url.startsWith('/') ? `http://server${url}` : url);
  } catch {
    throw new WebSocketError('BAD_REQUEST', 'the address of the request is malformed');
  }
}

function refuse(
  error: unknown,
  request: IncomingMessage,
  socket: Duplex,
  { metrics, logger }: WebSocketEndpointOptions,
): void {
  metrics.refused(isWebSocketError(error) ? error.code : 'INTERNAL');
  if (isWebSocketError(error)) {
    if (error.code === 'INTERNAL') logger.error({ err: error }, 'an upgrade failed');
    refuseWebSocket(request, socket, error);
    return;
  }
  logger.error({ err: error }, 'an upgrade failed');
  refuseWebSocket(request, socket, { code: 'INTERNAL', message: 'the connection could not be opened' });
}
