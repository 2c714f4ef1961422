import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { UserMessageHandler } from '@ws/core';
import type { AnnouncedRevocation } from '@ws/core/log';
import type { Fallback, GatherMetrics } from '@ws/server';
import { createLogger, logDiagnostics, traceDeliveries } from '@ws/server/process';
import { startService, type Service } from './service.ts';
import { readSettings, shownSettings, type Environment } from './settings/index.ts';

export interface ServerOptions {
  /** Settings, as environment variables. */
  readonly env: Environment;
  /** Answers what users say, in this process. Without it, and without an agent that the settings name, users cannot send messages. */
  readonly onUserMessage?: UserMessageHandler;
  /** Folder of a built page, served at `/` where `WS_PAGE_FOLDER` names no other. */
  readonly pageFolder?: string;
  /** Answers requests that are neither of the HTTP API nor for a file of a page. */
  readonly fallback?: Fallback;
  /** What `/metrics` shows, where this process is one of several. @default the metrics of this process */
  readonly gatherMetrics?: GatherMetrics;
  /** Called with a revocation that the log could not take, where this process is one of several: the others are to learn of it. */
  readonly onUnwrittenRevocation?: (revocation: AnnouncedRevocation) => void;
}

/**
 * Starts the service as a process of its own: reads the settings, and logs and traces what happens in this process.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startServer(options: ServerOptions): Promise<Service> {
  const { env, onUserMessage, fallback, gatherMetrics, onUnwrittenRevocation } = options;
  const settings = readSettings(env);
  const logger = createLogger(settings.logLevel);
  const stops = [logDiagnostics(logger), traceDeliveries()];
  const shown = shownSettings(env).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  const service = await startService({
    settings,
    shownSettings: Object.fromEntries(shown),
    logger,
    pageFolder: settings.pageFolder ?? options.pageFolder,
    inspectorFolder: env['WS_INSPECTOR_FOLDER'] ?? builtInspector(),
    ...(onUserMessage === undefined ? {} : { onUserMessage }),
    ...(fallback === undefined ? {} : { fallback }),
    ...(gatherMetrics === undefined ? {} : { gatherMetrics }),
    ...(onUnwrittenRevocation === undefined ? {} : { onUnwrittenRevocation }),
  });
  logger.info({ url: service.url, log: settings.log.kind, development: settings.development }, 'listening');
  return {
    ...service,
    async close(deadlineMs) {
      logger.info('going away');
      await service.close(deadlineMs);
      for (const stop of stops) stop();
      logger.info('gone');
    },
  };
}

/** The built inspector: beside this program where it is published with it, else where the workspace has it. */
function builtInspector(): string {
  const beside = fileURLToPath(new URL('./pages/inspector', import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL('../../inspector/dist', import.meta.url));
}
