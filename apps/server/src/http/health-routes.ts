import type { Hub } from '@ws/core';
import type { FastifyInstance } from 'fastify';

/** `/healthz`: the process lives. `/readyz`: it can do its work: the log is reachable and it is not draining. */
export function serveHealth(app: FastifyInstance, hub: Hub): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, draining, mode, log } = await hub.health();
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store');
    return { status: ready ? 'ready' : draining ? 'draining' : 'unavailable', mode, log };
  });
}
