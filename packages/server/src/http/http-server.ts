import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { isWebSocketUpgrade } from '../websocket/websocket-endpoint.ts';
import { answerClientError } from './client-errors.ts';
import { hearEarlyAnswers } from './early-answers.ts';
import type { RequestsInTurn } from './requests-in-turn.ts';
import type { TlsCertificate } from './tls-certificate.ts';
import { withOneHost } from './two-hosts.ts';

export interface HttpServerOptions {
  /** Called with each request, in its turn. */
  readonly listener: RequestListener;
  readonly requests: RequestsInTurn;
  /**
   * Time a request may take to arrive, in milliseconds; its headers, and a TLS handshake, have a third of it. An answer of which nothing
   * is taken for twice as long is cut off.
   */
  readonly requestTimeoutMs: number;
  /** With it the server speaks TLS. */
  readonly tls: TlsCertificate | undefined;
}

/** Time a connection without a request is kept for the next one. Longer than proxies keep theirs, or they would meet closed ones. */
const KEEP_ALIVE_MS = 72_000;

/** Makes the HTTP server, with what applies to all requests: time limits, turns, and answers that reach the client. */
export function createHttpServer({ listener, requests, requestTimeoutMs, tls }: HttpServerOptions): Server {
  const headersTimeout = Math.ceil(requestTimeoutMs / 3);
  const options = {
    headersTimeout,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // How late one that is over its time may be found out.
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(requestTimeoutMs / 6)),
    // Java's client, curl --http2 and others offer `Upgrade: h2c` with any request: it is then served as the plain one it is.
    shouldUpgradeCallback: isWebSocketUpgrade,
  };
  const serve = requests.inTurn(withAnswersHeard(listener));
  const server = tls === undefined ? createServer(options, serve) : secured(tls);
  server.setTimeout(2 * requestTimeoutMs);
  server.on('clientError', answerClientError);
  requests.follow(server);
  return server;

  function secured(certificate: TlsCertificate): Server {
    const secure = createTlsServer({ ...options, ...certificate.identity, handshakeTimeout: headersTimeout }, serve);
    certificate.follow(secure);
    return secure;
  }
}

/** What applies to each answer: one `Host` header, and answers that reach the client and are read by it. */
export function withAnswersHeard(listener: RequestListener): RequestListener {
  return hearEarlyAnswers(cutOffIfNotRead(withOneHost(listener)));
}

/** Without it a client that asks and never reads would keep its socket, and what it asked for in memory, for ever. */
function cutOffIfNotRead(listener: RequestListener): RequestListener {
  return (request, response) => {
    // A quiet socket is not a stalled one: the answer may wait for the log, and an event stream for events.
    response.on('timeout', cutOffIfStalled);
    listener(request, response);
  };
}

function cutOffIfStalled(socket: Socket): void {
  if (socket.writableLength > 0) socket.destroy();
}
