import { Server as HttpsServer } from 'node:https';
import { DEFAULT_MAX_BODY_BYTES } from '@ws/types';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { isWebSocketUpgrade } from '../websocket/websocket-endpoint.ts';
import { answerErrors } from './error-answers.ts';
import type { TlsCertificate } from './tls-certificate.ts';

// Java's client, curl --http2 and others offer `Upgrade: h2c` with any request: it is then served as the plain one it is.
const HTTP = { shouldUpgradeCallback: isWebSocketUpgrade };

/**
 * Makes the HTTP server, without routes. Every failed request is answered in the form of the protocol.
 *
 * @param tls - with it the server speaks TLS
 */
export function createApp(logger: FastifyBaseLogger, tls: TlsCertificate | undefined): FastifyInstance {
  // The types of Fastify tell apart what is one server in all that routes use.
  const transport = tls === undefined ? { http: HTTP } : { https: { ...HTTP, ...tls.identity } };
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: DEFAULT_MAX_BODY_BYTES,
    // A payload is carried as it came, whatever its keys are called: nothing here merges it into another object.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: true,
    ...transport,
  });
  if (tls !== undefined && app.server instanceof HttpsServer) tls.follow(app.server);
  app.addHook('onClose', async () => tls?.stop());
  answerErrors(app);
  return app;
}
