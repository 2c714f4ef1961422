import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { answerError, answerErrors } from './error-answers.ts';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';
import { readJsonBodies } from './json-bodies.ts';

export interface AppLimits {
  /** Length of a body, in bytes. */
  readonly bodyBytes: number;
  /** Depth of a body: levels of arrays and objects. */
  readonly jsonDepth: number;
  /** Called with each body that is deeper. */
  readonly onTooDeep: () => void;
}

/**
 * Makes the HTTP server, without routes. Every failed request is answered in the form of the protocol.
 */
export function createApp(
  logger: FastifyBaseLogger,
  limits: AppLimits,
  server: Omit<HttpServerOptions, 'listener'>,
): FastifyInstance {
  const { tls } = server;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyBytes,
    // What is no HTTP the server has answered.
    clientErrorHandler: () => undefined,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: 'idle',
    serverFactory: (listener) => createHttpServer({ ...server, listener }),
  });
  app.addHook('onClose', async () => tls?.stop());
  readJsonBodies(app, limits.jsonDepth, limits.onTooDeep);
  answerErrors(app);
  return app;
}
