import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AnnouncedRevocation } from '@ws/core';
import type { GatherMetrics } from '@ws/server';
import { createLogger, logDiagnostics, traceDeliveries } from '@ws/server/process';
import { createDemoAgent } from './demo-agent.ts';
import { startService, type Service } from './service.ts';
import { readSettings, shownSettings, type Environment } from './settings/index.ts';

export interface ServerOptions {
  /** Settings, as environment variables. */
  readonly env: Environment;
  /** Folder the demo agent answers questions about. Naming it asks for the agent, also without WS_DEMO. */
  readonly workspace?: string | undefined;
  /** The folder where none is named, with WS_DEMO in development mode. @default the working directory */
  readonly developmentWorkspace?: string | undefined;
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
  const { env, workspace, developmentWorkspace = '.', gatherMetrics, onUnwrittenRevocation } = options;
  const settings = readSettings(env);
  // Outside of development mode nothing is read that was not named.
  const isDemo = settings.demo && settings.development && settings.agent.elsewhere === undefined;
  const folder = workspace ?? (isDemo ? developmentWorkspace : undefined);
  const agent = folder === undefined ? undefined : createDemoAgent(folder, env);
  const logger = createLogger(settings.logLevel);
  const stops = [logDiagnostics(logger), traceDeliveries()];
  const shown = shownSettings(env).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const]));
  const service = await startService({
    settings,
    shownSettings: Object.fromEntries(shown),
    logger,
    pageFolder: settings.demo ? env['WS_PAGE_FOLDER'] || builtPage('demo') : undefined,
    inspectorFolder: env['WS_INSPECTOR_FOLDER'] ?? builtPage('inspector'),
    ...(agent === undefined ? {} : { agent }),
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

/** A page that was built: beside this program where it is published with it, else where the workspace has it. */
function builtPage(name: string): string {
  const beside = fileURLToPath(new URL(`./pages/${name}`, import.meta.url));
  return existsSync(beside) ? beside : fileURLToPath(new URL(`../../${name}/dist`, import.meta.url));
}
