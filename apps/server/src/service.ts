import { createHub, type EventLog, type Hub, type UserMessageHandler } from '@ws/core';
import { DEFAULT_MAX_MESSAGE_BYTES } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import { pino, type Logger } from 'pino';
import { ApiKeyCheck } from './auth/api-key.ts';
import { developmentSecret } from './auth/development-secret.ts';
import { createDevelopmentTokens } from './auth/development-tokens.ts';
import { Tickets } from './auth/tickets.ts';
import { createTokenVerifier } from './auth/token-verifier.ts';
import { createApp } from './http/create-app.ts';
import { serveDemoPage } from './http/demo-page.ts';
import { serveDevelopment, type AgentInfo } from './http/development-routes.ts';
import { serveHealth } from './http/health-routes.ts';
import { serveHistory } from './http/history-route.ts';
import { listen } from './http/listen.ts';
import { servePublish } from './http/publish-route.ts';
import { serveTickets } from './http/ticket-route.ts';
import { ServiceMetrics } from './observe/service-metrics.ts';
import { openLog } from './open-log.ts';
import type { HubSettings, JwtSetting, Settings } from './settings/index.ts';
import { ShutDown } from './shut-down.ts';
import { serveWebSocket } from './websocket/websocket-endpoint.ts';

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

/**
 * Starts the service: opens the log, wires the hub to HTTP and WebSocket, listens.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startService({ settings, pageFolder, agent }: ServiceOptions): Promise<Service> {
  const logger = pino({ level: settings.logLevel }, pino.destination({ fd: 2, sync: true }));
  const metrics = new ServiceMetrics();
  const hub = createServiceHub(settings.hub, openLog(settings.log), agent?.onUserMessage, metrics, logger);
  const app = createApp(logger);
  // First: routes that were added before are not measured.
  metrics.serve(app, hub);
  const jwt: JwtSetting = settings.jwt ?? { kind: 'secret', secret: developmentSecret(settings.log) };
  const credentials = { verifyToken: createTokenVerifier(jwt), tickets: new Tickets(hub.tickets) };
  const apiKey = new ApiKeyCheck(settings.apiKey);

  servePublish(app, hub, apiKey);
  serveHistory(app, hub, apiKey, credentials);
  serveTickets(app, credentials.tickets, apiKey);
  const signsTokens = settings.development && jwt.kind === 'secret';
  serveDevelopment(app, signsTokens ? createDevelopmentTokens(jwt.secret) : undefined, agent?.info);
  serveHealth(app, hub);
  await serveDemoPage(app, pageFolder);
  const webSocket = serveWebSocket(app, {
    hub,
    credentials,
    allowedOrigins: settings.allowedOrigins,
    maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
    metrics: metrics.sockets,
    logger,
  });
  const url = await listenOrClose(app, hub, settings);
  const shutDown = new ShutDown(hub, app, webSocket);
  return { url, hub, close: async (deadlineMs = DEFAULT_DRAIN_MS) => shutDown.start(deadlineMs) };
}

function createServiceHub(
  settings: HubSettings,
  log: EventLog,
  onUserMessage: UserMessageHandler | undefined,
  { onTiming }: ServiceMetrics,
  logger: Logger,
): Hub {
  return createHub({
    ...settings,
    log,
    onTiming,
    maxMessageBytes: DEFAULT_MAX_MESSAGE_BYTES,
    onError: (error) => logger.error({ err: error }, 'background work failed'),
    ...(onUserMessage === undefined ? {} : { onUserMessage }),
  });
}

async function listenOrClose(app: FastifyInstance, hub: Hub, settings: Settings): Promise<string> {
  try {
    return await listen(app, settings);
  } catch (error) {
    await hub.close();
    throw error;
  }
}
