import type { AnnouncedRevocation, Authorization, Hub, UserMessageHandler } from '@ws/core';
import type { Logger } from 'pino';
import type { Authenticator } from './auth/authenticator.ts';
import { assertCalledDirectly, LOOPBACK_ORIGIN } from './auth/development-caller.ts';
import { openAccess } from './auth/open-access.ts';
import { allowOrigins } from './http/cors.ts';
import { createApp } from './http/create-app.ts';
import { serveDebugState } from './http/debug-route.ts';
import { serveDevelopment, type AgentInfo } from './http/development-routes.ts';
import { serveDisconnect } from './http/disconnect-route.ts';
import { serveDocs } from './http/docs/docs-routes.ts';
import { serveFrames } from './http/frame-route.ts';
import { serveHealth } from './http/health-routes.ts';
import { serveHistory } from './http/history-route.ts';
import { EventStreams } from './http/server-sent-events.ts';
import { listen } from './http/listen.ts';
import { TlsCertificate } from './http/tls-certificate.ts';
import { serveDemoPage, serveInspector } from './http/page-files.ts';
import { servePublish } from './http/publish-route.ts';
import { RequestsInTurn } from './http/requests-in-turn.ts';
import { serveTickets } from './http/ticket-route.ts';
import { UserAccess } from './http/user-access.ts';
import { descriptorRoom } from './limits/descriptors.ts';
import { openLimits } from './limits/open-limits.ts';
import { Places } from './limits/places.ts';
import { limitSockets } from './limits/socket-limit.ts';
import { createLogger } from './observe/logger.ts';
import { logRequests } from './observe/log-requests.ts';
import type { GatherMetrics } from './observe/metrics-snapshot.ts';
import { ServiceMetrics } from './observe/service-metrics.ts';
import { openLog } from './open-log.ts';
import { createServiceHub } from './service-hub.ts';
import type { Settings } from './settings/index.ts';
import { ShutDown } from './shut-down.ts';
import { originCheck, toAllowedOrigin } from './websocket/origin-check.ts';
import { serveWebSocket } from './websocket/websocket-endpoint.ts';

export interface ServiceOptions {
  readonly settings: Settings;
  /** @default JSON lines on standard error, from the level of the settings on */
  readonly logger?: Logger;
  /** Folder of the built demo page. Absent: it is not served. */
  readonly pageFolder?: string | undefined;
  /** Folder of the built inspector. Absent: it is not served. */
  readonly inspectorFolder?: string;
  /** Authenticates users in place of the check of JWTs; keys for tokens are not needed then. */
  readonly authenticate?: Authenticator;
  /** What users may do beyond what their credentials say. @default all of the own stream, and nothing else */
  readonly authorization?: Authorization;
  /** What `/metrics` shows, where this process is one of several. @default the metrics of this process */
  readonly gatherMetrics?: GatherMetrics;
  /** Called with a revocation that the log could not take, where this process is one of several: the others are to learn of it. */
  readonly onUnwrittenRevocation?: (revocation: AnnouncedRevocation) => void;
  readonly agent?: { readonly info: AgentInfo; readonly onUserMessage: UserMessageHandler };
}

/** A service that listens. */
export interface Service {
  readonly url: string;
  readonly hub: Hub;
  /** Reads the files of keys and the certificate now. They are also watched. */
  reloadKeys(): void;
  /** Drains within the deadline and closes everything; a second call hurries. Resolves when nothing is left open. */
  close(deadlineMs?: number): Promise<void>;
}

/** What the description of the API says. */
const VERSION = '0.0.0';
const DEFAULT_DRAIN_MS = 10_000;
const FEW_DESCRIPTORS =
  'there are fewer descriptors than WS_MAX_CONNECTIONS needs: raise the limit of open files (ulimit -n, LimitNOFILE)';

/**
 * Starts the service: opens the log, wires the hub to HTTP and WebSocket, listens.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const {
    settings,
    logger = createLogger(settings.logLevel),
    pageFolder,
    inspectorFolder,
    authenticate,
    authorization,
    gatherMetrics,
    onUnwrittenRevocation,
    agent,
  } = options;
  const metrics = new ServiceMetrics();
  const room = descriptorRoom(settings.hub.maxConnections);
  const hub = createServiceHub({
    settings: { ...settings.hub, maxConnections: room.connections },
    log: await openLog(settings.log),
    onUserMessage: agent?.onUserMessage,
    authorization,
    onTiming: metrics.onTiming,
    onUnwrittenRevocation,
    logger,
  });
  const access = await orClose(hub, () => openAccess(settings, hub, logger, authenticate));
  const { credentials, tickets, apiKeys, developmentTokens, keyFiles } = access;
  const tls = await orClose(hub, () => settings.tls && new TlsCertificate(settings.tls, logger));
  const limits = openLimits(settings, hub, access.clientAddress, metrics.limits);
  const requests = new RequestsInTurn(() => metrics.limits.refused('unanswered_requests'));
  const { requestTimeoutMs } = settings.limits;
  const app = createApp(logger, limits.app, { requests, requestTimeoutMs, tls });
  limitSockets(app.server, {
    sockets: room.sockets,
    connectionsPerAddress: settings.limits.connectionsPerAddress,
    trustedProxies: settings.trustedProxies,
    onRefused: (limit) => metrics.limits.refused(limit),
  });
  // First: routes that were added before are not measured.
  metrics.serve(app, hub, gatherMetrics);
  logRequests(app, logger);

  const assertAnswered = settings.development ? assertCalledDirectly : () => undefined;
  if (settings.development) app.addHook('onRequest', async ({ headers }) => assertAnswered(headers));
  const allowedOrigins = [
    ...settings.allowedOrigins.map(toAllowedOrigin),
    ...(settings.development ? [LOOPBACK_ORIGIN] : []),
  ];
  const isOriginAllowed = originCheck(allowedOrigins, settings.trustedProxies);
  await allowOrigins(app, allowedOrigins);

  const { maxMessageBytes } = settings.hub;
  const userAccess = new UserAccess({ hub, credentials, apiKeys, isOriginAllowed });
  servePublish(app, hub, apiKeys, limits.publishing);
  const streams = new EventStreams();
  serveHistory(app, {
    hub,
    access: userAccess,
    addresses: limits.addresses,
    reading: limits.reading,
    requests,
    streams,
  });
  serveFrames(app, { hub, access: userAccess, streams, maxMessageBytes });
  serveTickets(app, tickets, apiKeys);
  serveDisconnect(app, hub, apiKeys);
  serveDevelopment(app, developmentTokens, agent?.info);
  serveHealth(app, hub);
  serveDebugState(app, hub, apiKeys);
  serveDocs(app, VERSION);
  const files = new Places(room.files);
  await serveDemoPage(app, pageFolder, files);
  if (settings.inspector && inspectorFolder !== undefined) {
    await serveInspector(app, inspectorFolder, files);
  }
  const webSocket = serveWebSocket(app, {
    hub,
    credentials,
    assertAnswered,
    isOriginAllowed,
    addresses: limits.addresses,
    maxMessageBytes,
    metrics: metrics.sockets,
    logger,
  });
  const url = await orClose(hub, async () => listen(app, settings));
  if (room.connections < settings.hub.maxConnections && !settings.development) logger.warn(room, FEW_DESCRIPTORS);
  const shutDown = new ShutDown({ hub, app, requests, webSocket });
  return {
    url,
    hub,
    reloadKeys() {
      keyFiles.reload();
      tls?.reload();
    },
    async close(deadlineMs = DEFAULT_DRAIN_MS) {
      keyFiles.stop();
      await shutDown.start(deadlineMs);
    },
  };
}

/** A step of the start; if it fails, the log is not left open. */
async function orClose<Result>(hub: Hub, step: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    await hub.close();
    throw error;
  }
}
