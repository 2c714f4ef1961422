import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { createHub, type EventLog, type Hub, type UserMessageHandler } from '@ws/core';
import { DEFAULT_MAX_BODY_BYTES, DEFAULT_MAX_MESSAGE_BYTES, WebSocketError } from '@ws/types';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { ApiKeyCheck } from './auth/api-key.ts';
import { developmentSecret } from './auth/development-secret.ts';
import { createDevelopmentTokens } from './auth/development-tokens.ts';
import { Tickets } from './auth/tickets.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import { serveDemoPage } from './http/demo-page.ts';
import { serveDevelopment, type AgentInfo } from './http/development-routes.ts';
import { answerErrors } from './http/error-answers.ts';
import { serveHealth } from './http/health-routes.ts';
import { serveHistory } from './http/history-route.ts';
import { serveMetrics } from './http/metrics-route.ts';
import { servePublish } from './http/publish-route.ts';
import { serveTickets } from './http/ticket-route.ts';
import { openLog } from './open-log.ts';
import type { JwtSetting, Settings } from './settings.ts';
import { isWebSocketUpgrade, serveWebSocket } from './websocket/websocket-endpoint.ts';

export interface ServiceOptions {
  readonly settings: Settings;
  /** Folder of the built demo page. */
  readonly pageFolder: string;
  readonly agent?: { readonly info: AgentInfo; readonly onUserMessage: UserMessageHandler };
}

/** A service that listens. */
export interface Service {
  readonly url: string;
  readonly hub: Hub;
  /** Drains within the deadline and closes everything; a second call hurries. Resolves when nothing is left open. */
  close(deadlineMs?: number): Promise<void>;
}

const DEFAULT_DRAIN_MS = 10_000;
/** Time peers have to answer the closing handshake. */
const CLOSE_GRACE_MS = 1_000;

/**
 * Starts the service: opens the log, wires the hub to HTTP and WebSocket, listens.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startService({ settings, pageFolder, agent }: ServiceOptions): Promise<Service> {
  const logger = pino({ level: settings.logLevel }, pino.destination({ fd: 2, sync: true }));
  const hub = createServiceHub(settings, openLog(settings.log), agent?.onUserMessage, (error) =>
    logger.error({ err: error }, 'background work failed'),
  );
  const jwt: JwtSetting = settings.jwt ?? { kind: 'secret', secret: developmentSecret(settings.log) };
  const credentials = { verifyToken: createTokenVerifier(jwt), tickets: new Tickets() };
  const apiKey = new ApiKeyCheck(settings.apiKey);
  const requestLogger: FastifyBaseLogger = logger;
  const app: FastifyInstance = Fastify({
    loggerInstance: requestLogger,
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
  servePublish(app, hub, apiKey);
  serveHistory(app, hub, apiKey, credentials);
  serveTickets(app, credentials.tickets, apiKey);
  const signsTokens = settings.development && jwt.kind === 'secret';
  serveDevelopment(app, signsTokens ? createDevelopmentTokens(jwt.secret) : undefined, agent?.info);
  serveHealth(app, hub);
  serveMetrics(app, hub);
  await serveDemoPage(app, pageFolder);
  const webSocket = serveWebSocket(app, {
    hub,
    credentials,
    allowedOrigins: settings.allowedOrigins,
    maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
    logger,
  });
  try {
    await app.listen({ host: settings.host, port: settings.port });
  } catch (error) {
    await hub.close();
    throw listenError(error, settings);
  }
  const hurry = new AbortController();
  const shutDown = async (deadlineMs: number): Promise<void> => {
    await hub.drain({ deadlineMs });
    const closed = app.close();
    await Promise.race([closed, wait(CLOSE_GRACE_MS, undefined, { signal: hurry.signal }).catch(() => undefined)]);
    webSocket.cutOff();
    await closed;
    hurry.abort();
    await hub.close();
  };
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(app.server.address() as AddressInfo),
    hub,
    async close(deadlineMs = DEFAULT_DRAIN_MS) {
      if (closing !== undefined) {
        hurry.abort();
        void hub.drain();
      }
      closing ??= shutDown(deadlineMs);
      return closing;
    },
  };
}

function createServiceHub(
  settings: Settings,
  log: EventLog,
  onUserMessage: UserMessageHandler | undefined,
  onError: (error: unknown) => void,
): Hub {
  const { heartbeatMs, runLeaseMs, publisherLeaseMs, coalesceMs, maxConnectionsPerUser } = settings;
  return createHub({
    log,
    onError,
    maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
    ...(onUserMessage === undefined ? {} : { onUserMessage }),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
    ...(runLeaseMs === undefined ? {} : { runLeaseMs }),
    ...(publisherLeaseMs === undefined ? {} : { publisherLeaseMs }),
    ...(coalesceMs === undefined ? {} : { coalesceMs }),
    ...(maxConnectionsPerUser === undefined ? {} : { maxConnectionsPerUser }),
  });
}

function urlOf({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function listenError(error: unknown, { host, port }: Settings): WebSocketError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const sentence = {
    EADDRINUSE: `port ${port} on ${host} is in use: stop the other program, or choose another port with WS_PORT`,
    EACCES: `port ${port} on ${host} needs more rights than this program has: choose another port with WS_PORT`,
    EADDRNOTAVAIL: `WS_HOST ${host} is not an address of this machine`,
    ENOTFOUND: `WS_HOST ${host} is not an address of this machine`,
  }[String(code)];
  return new WebSocketError('INVALID_OPTION', sentence ?? `listening on ${host}, port ${port}, failed`, {
    cause: error,
  });
}
