import { createHub, type Hub } from '@ws/core';
import { offerDefaultHub } from '@ws/core/internal';
import type { TimingSink } from '@ws/core/observe';
import { DEFAULT_MAX_JSON_DEPTH, DEFAULT_MAX_MESSAGE_BYTES } from '@ws/types';
import type { Logger } from 'pino';
import { openAccess } from './auth/open-access.ts';
import { assertCalledDirectly, LOOPBACK_ORIGIN } from './auth/development-caller.ts';
import { RequestsInTurn } from './http/requests-in-turn.ts';
import { EventStreams } from './http/server-sent-events.ts';
import { descriptorRoom } from './limits/descriptors.ts';
import { openLimits } from './limits/open-limits.ts';
import { createLogger } from './observe/logger.ts';
import { ServerMetrics } from './observe/server-metrics.ts';
import { isTracing } from './observe/spans.ts';
import { activeTraceparent } from './observe/trace-context.ts';
import { tracedHandler } from './observe/user-message-span.ts';
import {
  resolveServerOptions,
  type ResolvedServerOptions,
  type ServerOptions,
  type TypedServerOptions,
} from './server-options.ts';
import { HubServer, type Server, type TypedServer } from './server.ts';
import { originCheck, toAllowedOrigin } from './websocket/origin-check.ts';
import { WebEndpoint } from './websocket/web-endpoint.ts';
import { openWebSocketEndpoint } from './websocket/websocket-endpoint.ts';

/** Open sockets of all users, where the options say nothing. */
const DEFAULT_MAX_CONNECTIONS = 50_000;

const CLOCK_STEP =
  'the wall clock was set or the machine was suspended: stored times (expiries, leases, ages) are checked again';

const HUB_IN_MEMORY =
  'getWebSocketManager was called without a hub before createServer: its managers write to a hub in memory, and no client of this server sees their events. Create the server first, or pass server.hub';

/**
 * Makes a server of agent events: WebSockets, Server-Sent Events and every call of the HTTP API, on a log. It is reached when it
 * listens or is attached to a server of the application.
 *
 * While it is the one server of the process, `getWebSocketManager(userContext)` uses its hub.
 *
 * It installs no signal handler and never ends the process: call `close`, or hold it with `await using`.
 *
 * @throws `INVALID_OPTION`, naming the option; the log is closed then
 * @example
 * ```ts
 * await using server = await createServer({
 *   log: openSqliteLog({ path: './data/events.db' }),
 *   authenticate: jwt({ jwksUrl: 'https://id.example.com/.well-known/jwks.json' }),
 *   onUserMessage: async ({ text, threadId, runId, manager }) => {
 *     await using run = await manager.startRun({ agentName: 'analyst', task: text, threadId, runId });
 *     await run.complete({ finalResponse: 'Done.' });
 *   },
 * });
 * const { url } = await server.listen({ port: 8080 });
 * ```
 */
export function createServer(given: ServerOptions): Promise<Server>;
/**
 * Makes a server whose hub takes and gives the events of `Events`, beside those of the protocol. Schemas in `options.events` check payloads.
 *
 * @throws `INVALID_OPTION`, naming the option; the log is closed then
 * @example
 * ```ts
 * const server = await createServer<{ invoice_ready: { cents: number } }>({ log, authenticate });
 * await server.hub.manager({ userId: 'u1' }).emit({ type: 'invoice_ready', payload: { cents: 500 } });
 * ```
 */
export function createServer<Events extends object>(given: TypedServerOptions<Events>): Promise<TypedServer<Events>>;
// The events are types alone: both signatures take the same values.
export async function createServer<Events extends object>(
  given: ServerOptions | TypedServerOptions<Events>,
): Promise<Server> {
  const options = await orClose(given.log, () => resolveServerOptions(given as ServerOptions));
  const { logger = createLogger('warn'), development, trustedProxies } = options;
  const {
    connections: maxConnections = DEFAULT_MAX_CONNECTIONS,
    jsonDepth = DEFAULT_MAX_JSON_DEPTH,
    messageBytes: maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES,
  } = options.hub.limits ?? {};
  const metrics = new ServerMetrics();
  const room = descriptorRoom(maxConnections);
  const hub = await orClose(options.log, () => createServerHub(options, room.connections, metrics.onTiming, logger));
  const access = await orClose(hub, () => openAccess(options, hub, logger));
  const limits = openLimits(options.limits, jsonDepth, hub, access.clientAddress, metrics.limits);
  const isDevelopment = development !== undefined;
  const allowedOrigins = [...options.allowedOrigins.map(toAllowedOrigin), ...(isDevelopment ? [LOOPBACK_ORIGIN] : [])];
  const isOriginAllowed = originCheck(allowedOrigins, trustedProxies);
  const ofWebSockets = {
    hub,
    credentials: access.credentials,
    assertAnswered: isDevelopment ? assertCalledDirectly : () => undefined,
    isOriginAllowed,
    addresses: limits.addresses,
    maxMessageBytes,
    metrics: metrics.sockets,
    logger,
  };
  const requests = new RequestsInTurn(() => metrics.limits.refused('unanswered_requests'));
  const calls = {
    hub,
    access,
    limits,
    metrics,
    requests,
    allowedOrigins,
    isOriginAllowed,
    isDevelopment,
    maxMessageBytes,
    logger,
    streams: new EventStreams(),
    gatherMetrics: options.gatherMetrics,
    shownSettings: options.shownSettings,
  };
  const webSocket = openWebSocketEndpoint(ofWebSockets);
  const webEndpoint = new WebEndpoint(ofWebSockets, options.hub.clock);
  const offer = await orClose(hub, () => offerDefaultHub(hub));
  if (offer.cameLate) logger.warn(HUB_IN_MEMORY);
  return new HubServer({
    offer,
    calls,
    webSocket,
    webEndpoint,
    room,
    maxConnections,
    trustedProxies,
    limits: options.limits,
  });
}

/** Makes the hub of a server: its faults are logged, it is timed, and traced where an SDK takes spans. */
function createServerHub(
  { log, hub, agent }: ResolvedServerOptions,
  maxConnections: number,
  onTiming: TimingSink,
  logger: Logger,
): Hub {
  const { onUserMessage } = hub;
  return createHub({
    ...hub,
    limits: { ...hub.limits, connections: maxConnections },
    log,
    onTiming,
    onClockStep: ({ ms }) => logger.warn({ stepMs: ms }, CLOCK_STEP),
    onError: (error) => logger.error({ err: error }, 'background work failed'),
    ...(isTracing() ? { traceparent: activeTraceparent } : {}),
    ...(agent === undefined ? {} : { agent: agent.open(logger) }),
    ...(onUserMessage === undefined ? {} : { onUserMessage: tracedHandler(onUserMessage) }),
  });
}

/** A step of the start; if it fails, the log is not left open. */
async function orClose<Result>(
  opened: { close?(): void | Promise<void> } | undefined,
  step: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    await opened?.close?.();
    throw error;
  }
}
