import type { Hub } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import { snakeCased } from './snake-case.ts';

/** `/healthz`: the process lives. `/readyz`: it can do its work: the log is reachable and it is not draining. */
export function serveHealth(app: FastifyInstance, hub: Hub): void {
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const { ready, draining, mode, log } = await hub.health();
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store');
    const { profile, ...said } = log;
    const status = ready ? 'ready' : draining ? 'draining' : 'unavailable';
    // Settings keep the names they have where they are set.
    const survives = snakeCased(profile?.survives);
    return { status, mode, log: profile === undefined ? said : { ...said, settings: profile.settings, survives } };
  });
}
