import { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { isWebSocketUpgrade } from '../websocket/websocket-endpoint.ts';
import { answerClientError } from './client-errors.ts';
import { answerError, answerErrors } from './error-answers.ts';
import { readJsonBodies } from './json-bodies.ts';
import type { TlsCertificate } from './tls-certificate.ts';

export interface AppLimits {
  /** Length of a body, in bytes. */
  readonly bodyBytes: number;
  /** Depth of a body: levels of arrays and objects. */
  readonly jsonDepth: number;
  /** Called with each body that is deeper. */
  readonly onTooDeep: () => void;
  /**
   * Time a request may take to arrive, in milliseconds; its headers, and a TLS handshake, have a third of it. An answer of which nothing
   * is taken for twice as long is cut off.
   */
  readonly requestTimeoutMs: number;
}

/**
 * Makes the HTTP server, without routes. Every failed request is answered in the form of the protocol.
 *
 * @param tls - with it the server speaks TLS
 */
export function createApp(
  logger: FastifyBaseLogger,
  limits: AppLimits,
  tls: TlsCertificate | undefined,
): FastifyInstance {
  const { requestTimeoutMs } = limits;
  const headersTimeout = Math.ceil(requestTimeoutMs / 3);
  const http = {
    headersTimeout,
    // How late one that is over its time may be found out.
    connectionsCheckingInterval: Math.min(5_000, Math.ceil(requestTimeoutMs / 6)),
    // Java's client, curl --http2 and others offer `Upgrade: h2c` with any request: it is then served as the plain one it is.
    shouldUpgradeCallback: isWebSocketUpgrade,
  };
  // The types of Fastify tell apart what is one server in all that routes use.
  const transport =
    tls === undefined ? { http } : { https: { ...http, ...tls.identity, handshakeTimeout: headersTimeout } };
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    requestTimeout: requestTimeoutMs,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: true,
    ...transport,
  });
  cutOffWhoDoesNotRead(app, 2 * requestTimeoutMs);
  if (tls !== undefined && app.server instanceof HttpsServer) tls.follow(app.server);
  app.addHook('onClose', async () => tls?.stop());
  readJsonBodies(app, limits.jsonDepth, limits.onTooDeep);
  answerErrors(app);
  return app;
}

/** Without it a peer that asks and never reads would keep its socket, and what it asked for in memory, for ever. */
function cutOffWhoDoesNotRead(app: FastifyInstance, stallMs: number): void {
  app.server.setTimeout(stallMs);
  app.addHook('onRequest', async (_request, { raw }) => {
    // A quiet socket is not a stalled one: the answer may wait for the log, and an event stream for events.
    raw.on('timeout', (socket: Socket) => {
      if (socket.writableLength > 0) socket.destroy();
    });
  });
}
