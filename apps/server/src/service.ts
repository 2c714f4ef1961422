import type { Authorization, Hub, UserMessageHandler } from '@ws/core';
import type { AnnouncedRevocation } from '@ws/core/log';
import {
  createServer,
  jwt,
  type Authenticator,
  type Fallback,
  type GatherMetrics,
  type ServerOptions,
} from '@ws/server';
import { createLogger, descriptorRoom } from '@ws/server/process';
import type { Logger } from 'pino';
import { openLog } from './open-log.ts';
import { servePages } from './pages.ts';
import { developmentSecretPath, type Settings } from './settings/index.ts';

export interface ServiceOptions {
  readonly settings: Settings;
  /** @default JSON lines on standard error, from the level of the settings on */
  readonly logger?: Logger;
  /** Folder of a built page, served at `/`. Absent: none is. */
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
  /** What `/debug/state` shows as settings: never a secret. */
  readonly shownSettings?: Readonly<Record<string, string>>;
  /** Answers what users say, where the settings name no agent elsewhere. */
  readonly onUserMessage?: UserMessageHandler;
  /** Answers requests that are neither of the HTTP API nor for a file of a page. */
  readonly fallback?: Fallback;
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

/**
 * Starts the service that settings describe: opens the log, makes the server, listens.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { settings, pageFolder, inspectorFolder } = options;
  const { host, port, tls } = settings;
  const server = await createServer({
    ...serverOptions(options),
    logger: options.logger ?? createLogger(settings.logLevel),
    log: await openLog(settings.log),
  });
  try {
    const { files } = descriptorRoom(settings.hub.limits.connections);
    const inspector = settings.inspector ? inspectorFolder : undefined;
    const fallback = servePages({ page: pageFolder, inspector, files, otherwise: options.fallback });
    const { url } = await server.listen({ host, port, fallback, ...(tls === undefined ? {} : { tls }) });
    return {
      url,
      hub: server.hub,
      reloadKeys: () => server.reloadKeys(),
      close: async (deadlineMs) => server.close(deadlineMs === undefined ? {} : { deadlineMs }),
    };
  } catch (error) {
    await server.close({ deadlineMs: 0 });
    throw error;
  }
}

/** Options of the library for what settings say. */
export function serverOptions(options: ServiceOptions): Omit<ServerOptions, 'log' | 'logger'> {
  const { settings, authenticate, authorization, gatherMetrics, onUnwrittenRevocation, shownSettings } = options;
  const { limits, hub, allowedOrigins, trustedProxies, ticketConnectionMs } = settings;
  return {
    ...hub,
    ...{ allowedOrigins, trustedProxies, ticketConnectionMs },
    limits: { ...hub.limits, ...limits },
    ...(onUnwrittenRevocation === undefined ? {} : { onUnwrittenRevocation }),
    ...(authorization === undefined ? {} : { authorization }),
    ...(gatherMetrics === undefined ? {} : { gatherMetrics }),
    ...(shownSettings === undefined ? {} : { shownSettings }),
    ...agentOf(options),
    ...whoIsWho(settings, authenticate),
  };
}

/** Who answers: an agent that the settings name comes before the one of this program. */
function agentOf({ settings, onUserMessage }: ServiceOptions): Pick<ServerOptions, 'agent' | 'onUserMessage'> {
  const { elsewhere } = settings.agent;
  if (elsewhere !== undefined) return { agent: elsewhere };
  return onUserMessage === undefined ? {} : { onUserMessage };
}

/** Who users and back ends are. */
function whoIsWho(
  settings: Settings,
  own: Authenticator | undefined,
): Pick<ServerOptions, 'authenticate' | 'apiKeys' | 'development'> {
  const { jwt: tokens, apiKey, apiKeysFile } = settings;
  const { algorithms, issuers, audiences, clockToleranceMs } = tokens;
  const rules = { algorithms, issuers, audiences, clockToleranceMs };
  if (settings.development && own === undefined) {
    const secretFile = developmentSecretPath(settings);
    return {
      development: {
        tokens: rules,
        ...(secretFile === undefined ? {} : { secretFile }),
      },
    };
  }
  return {
    authenticate: own ?? jwt({ ...rules, ...tokens.keys }),
    apiKeys: {
      ...(apiKey === '' ? {} : { key: apiKey }),
      ...(apiKeysFile === undefined ? {} : { file: apiKeysFile }),
    },
  };
}
