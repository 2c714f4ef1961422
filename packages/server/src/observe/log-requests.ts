import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

/** Writes a line for each answered request at level `debug`: its route, never its address. */
export function logRequests(app: FastifyInstance, logger: Logger): void {
  if (!logger.isLevelEnabled('debug')) return;
  app.addHook('onResponse', async ({ method, routeOptions }, { statusCode, elapsedTime }) => {
    const duration_ms = Math.round(elapsedTime * 10) / 10;
    logger.debug(
      { method, route: routeOptions.url ?? 'none', status: statusCode, duration_ms },
      'a request was answered',
    );
  });
}
