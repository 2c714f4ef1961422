import { fileURLToPath } from 'node:url';
import { createDemoAgent } from './demo-agent.ts';
import { traceDeliveries } from './observe/delivery-spans.ts';
import { logDiagnostics } from './observe/log-lines.ts';
import { createLogger } from './observe/logger.ts';
import { startService, type Service } from './service.ts';
import { readSettings, type Environment } from './settings/index.ts';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const PAGE = fileURLToPath(new URL('../../demo/dist', import.meta.url));
const INSPECTOR = fileURLToPath(new URL('../../inspector/dist', import.meta.url));

export interface ServerOptions {
  /** Settings, as environment variables. */
  readonly env: Environment;
  /** Folder the demo agent answers questions about. @default this repository in development mode, else there is no demo agent */
  readonly workspace?: string | undefined;
}

/**
 * Starts the service as a process of its own: reads the settings, and logs and traces what happens in this process.
 *
 * @throws a `WebSocketError` whose message is a sentence for the person who started it
 */
export async function startServer({ env, workspace }: ServerOptions): Promise<Service> {
  const settings = readSettings(env);
  const folder = workspace ?? (settings.development ? REPOSITORY : undefined);
  const agent = folder === undefined ? undefined : createDemoAgent(folder, env);
  const logger = createLogger(settings.logLevel);
  const stops = [logDiagnostics(logger), traceDeliveries()];
  const service = await startService({
    settings,
    logger,
    pageFolder: env['WS_PAGE_FOLDER'] ?? PAGE,
    inspectorFolder: env['WS_INSPECTOR_FOLDER'] ?? INSPECTOR,
    ...(agent === undefined ? {} : { agent }),
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
