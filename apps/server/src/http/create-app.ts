import { DEFAULT_MAX_BODY_BYTES } from '@ws/types';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { isWebSocketUpgrade } from '../websocket/websocket-endpoint.ts';
import { answerErrors } from './error-answers.ts';

/** Makes the HTTP server, without routes. Every failed request is answered in the form of the protocol. */
export function createApp(logger: FastifyBaseLogger): FastifyInstance {
  const app: FastifyInstance = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: DEFAULT_MAX_BODY_BYTES,
    // A payload is carried as it came, whatever its keys are called: nothing here merges it into another object.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: true,
    // Java's client, curl --http2 and others offer `Upgrade: h2c` with any request: it is then served as the plain one it is.
    http: { shouldUpgradeCallback: isWebSocketUpgrade },
  });
  answerErrors(app);
  return app;
}
