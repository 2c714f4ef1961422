import type { RequestListener, Server } from 'node:http';
import type { Hub } from '@ws/core';
import { WebSocketError } from '@ws/types';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Access } from '../auth/open-access.ts';
import { assertCalledDirectly } from '../auth/development-caller.ts';
import type { Limits } from '../limits/open-limits.ts';
import { logRequests } from '../observe/log-requests.ts';
import type { GatherMetrics } from '../observe/metrics-snapshot.ts';
import type { ServerMetrics } from '../observe/server-metrics.ts';
import type { AllowedOrigins, OriginCheck } from '../websocket/origin-check.ts';
import { UPGRADES_ONLY } from '../websocket/websocket-endpoint.ts';
import { allowOrigins } from './cors.ts';
import { serveDebugState } from './debug-route.ts';
import { serveDevelopment } from './development-routes.ts';
import { serveAgentCalls } from './agent-call-routes.ts';
import { serveDisconnect } from './disconnect-route.ts';
import { serveDocs } from './docs/docs-routes.ts';
import { answerError, answerErrors } from './error-answers.ts';
import { serveFrames } from './frame-route.ts';
import { serveHealth } from './health-routes.ts';
import { serveHistory } from './history-route.ts';
import { readJsonBodies } from './json-bodies.ts';
import { serveInbox } from './inbox-routes.ts';
import { servePublish } from './publish-route.ts';
import type { RequestsInTurn } from './requests-in-turn.ts';
import type { EventStreams } from './server-sent-events.ts';
import { serveRuns } from './run-route.ts';
import { serveTickets } from './ticket-route.ts';
import { UserAccess } from './user-access.ts';

/** What the calls of HTTP work on. */
export interface CallParts {
  readonly hub: Hub;
  readonly access: Access;
  readonly limits: Limits;
  readonly metrics: ServerMetrics;
  readonly requests: RequestsInTurn;
  readonly streams: EventStreams;
  readonly allowedOrigins: AllowedOrigins;
  readonly isOriginAllowed: OriginCheck;
  readonly isDevelopment: boolean;
  readonly maxMessageBytes: number;
  readonly gatherMetrics: GatherMetrics | undefined;
  readonly shownSettings: Readonly<Record<string, string>> | undefined;
  readonly logger: Logger;
}

/** Where the calls of HTTP are served. */
export interface AppPlace {
  /** The path of WebSockets, which says so to a plain request. */
  readonly webSocketPath: string;
  /** Makes the server that the app listens with. Absent: requests are handed to the app. */
  readonly createServer?: (listener: RequestListener) => Server;
  /** Answers what is none of these calls, or calls `next`. */
  readonly fallback?: Fallback | undefined;
}

/** A listener in the form of Express and Connect: `next(error)` has the error answered in the form of the protocol. */
export type Fallback = (...args: [...Parameters<RequestListener>, next: (error?: unknown) => void]) => void;

/** Written in by the build, from package.json. */
declare const PACKAGE_VERSION: string | undefined;

/** What the description of the API says. Sources have the version that nothing was released as. */
const VERSION = typeof PACKAGE_VERSION === 'string' ? PACKAGE_VERSION : '0.0.0';

/** Every call of HTTP, as an app of Fastify. A failed request is answered in the form of the protocol. */
export async function openApp(parts: CallParts, place: AppPlace): Promise<FastifyInstance> {
  const { hub, access, limits, metrics, requests, streams, allowedOrigins, isOriginAllowed, logger } = parts;
  const { apiKeys, credentials } = access;
  const app = createApp(parts, place);
  // First: routes that were added before are not measured.
  metrics.serve(app, hub, parts.gatherMetrics);
  logRequests(app, logger);
  if (parts.isDevelopment) app.addHook('onRequest', async ({ raw }) => assertCalledDirectly(raw));
  await allowOrigins(app, allowedOrigins, !access.tokensOnly);

  const userAccess = new UserAccess({ hub, credentials, apiKeys, isOriginAllowed });
  servePublish(app, hub, apiKeys, limits.publishing);
  serveHistory(app, {
    hub,
    access: userAccess,
    addresses: limits.addresses,
    reading: limits.reading,
    requests,
    streams,
  });
  serveFrames(app, { hub, access: userAccess, streams, maxMessageBytes: parts.maxMessageBytes });
  serveTickets(app, access.tickets, apiKeys);
  serveDisconnect(app, hub, apiKeys);
  serveRuns(app, hub, apiKeys);
  serveInbox(app, hub, apiKeys);
  serveAgentCalls(app, hub, apiKeys);
  serveDevelopment(app, access.developmentTokens);
  serveHealth(app, hub);
  serveDebugState(app, hub, apiKeys, parts.shownSettings);
  serveDocs(app, VERSION);
  app.get(place.webSocketPath, async () => {
    throw new WebSocketError('BAD_REQUEST', UPGRADES_ONLY);
  });
  return app;
}

function createApp({ limits, logger }: CallParts, { createServer, fallback }: AppPlace): FastifyInstance {
  const { bodyBytes, jsonDepth, onTooDeep } = limits.app;
  const loggerInstance: FastifyBaseLogger = logger;
  const app: FastifyInstance = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytes,
    // What is no HTTP the server has answered.
    clientErrorHandler: () => undefined,
    frameworkErrors: (error, request, reply) => void answerError(error, request, reply),
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: 'idle',
    ...(createServer === undefined ? {} : { serverFactory: createServer }),
  });
  readJsonBodies(app, jsonDepth, onTooDeep);
  answerErrors(app, fallback);
  return app;
}
