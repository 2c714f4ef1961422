import { IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { refuseWebSocket } from '@ws/core/ws';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import { isWebSocketUpgrade, requestUrl, type WebSocketEndpoint } from '../websocket/websocket-endpoint.ts';
import { withAnswersHeard } from './http-server.ts';
import type { RequestsInTurn } from './requests-in-turn.ts';

export interface AttachOptions {
  /** Where WebSockets are taken. A client looks for the calls of HTTP beside it. @default `/ws` below `basePath` */
  readonly path?: string;
  /**
   * Below which path the calls of HTTP are answered: with `/agents` an event is published at `/agents/v1/users/…/events`. `/` takes every
   * request of the server. @default none: WebSockets alone
   */
  readonly basePath?: string | undefined;
}

export interface Attachment {
  readonly path: string;
  readonly basePath: string | undefined;
  /** Answers the calls of HTTP. Absent: they are not served. */
  readonly app: FastifyInstance | undefined;
  readonly webSocket: WebSocketEndpoint;
  readonly requests: RequestsInTurn;
}

/**
 * Puts WebSockets and calls of HTTP before the listeners of a server: what is not theirs reaches these as before. Returns what takes them
 * off again.
 */
export function attachToServer(server: Server, attachment: Attachment): () => void {
  const { path, basePath, app, requests } = attachment;
  for (const given of [basePath, path]) {
    if (given === undefined || /^\/[^?#]*$/.test(given)) continue;
    throw new WebSocketError(
      'INVALID_OPTION',
      `attach: '${given}' is not a path: a path begins with / and has no ? or #`,
    );
  }
  const endUpgrades = takeUpgrades(server, attachment);
  if (app === undefined || basePath === undefined) return endUpgrades;
  const answer = requests.inTurn(withAnswersHeard((request, response) => app.routing(request, response)));
  const endRequests = takeRequests(server, basePath.replace(/\/$/, ''), answer);
  return () => {
    endUpgrades();
    endRequests();
  };
}

function takeUpgrades(server: Server, { path, webSocket, requests }: Attachment): () => void {
  const isFirst = server.listenerCount('upgrade') === 0;
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (requests.refusesUpgrade(request.socket)) return;
    if (pathOf(request) === path) return webSocket.upgrade(path, request, socket, head);
    // Another listener's, where there is one.
    if (server.listenerCount('upgrade') > 1) return;
    socket.on('error', () => socket.destroy());
    const message = `WebSocket connections are accepted at ${path} only`;
    refuseWebSocket(request, socket, { code: 'NOT_FOUND', message });
  };
  server.on('upgrade', upgrade);
  // Without a listener Node serves `Upgrade: h2c`, which some clients send with any request, as a plain request: so it stays.
  if (!isFirst || !('shouldUpgradeCallback' in server)) return () => server.off('upgrade', upgrade);
  const before = server.shouldUpgradeCallback;
  server.shouldUpgradeCallback = isWebSocketUpgrade;
  return () => {
    server.off('upgrade', upgrade);
    server.shouldUpgradeCallback = before;
  };
}

/** Takes requests below a path before the listeners of the server see them. */
function takeRequests(server: Server, base: string, answer: RequestListener): () => void {
  const emit = server.emit.bind(server) as (name: string | symbol, ...args: unknown[]) => boolean;
  let isOn = true;
  const emitOthers = (name: string | symbol, ...args: unknown[]): boolean => {
    const [request, response] = args;
    if (name !== 'request' || !(request instanceof IncomingMessage) || !(response instanceof ServerResponse)) {
      return emit(name, ...args);
    }
    if (!isOn || !isBelow(base, request)) return emit(name, request, response);
    request.url = (request.url ?? '/').slice(base.length) || '/';
    answer(request, response as Parameters<RequestListener>[1]);
    return true;
  };
  server.emit = emitOthers;
  return () => {
    // What was put before this in between stays.
    if (server.emit === emitOthers) server.emit = emit;
    isOn = false;
  };
}

function isBelow(base: string, request: IncomingMessage): boolean {
  const path = pathOf(request);
  return path !== undefined && (base === '' || path === base || path.startsWith(`${base}/`));
}

function pathOf(request: IncomingMessage): string | undefined {
  try {
    return requestUrl(request).pathname;
  } catch {
    return undefined;
  }
}
