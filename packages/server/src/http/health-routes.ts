import type { Hub } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import { aliveSchema, readySchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { snakeCased } from './snake-case.ts';

export const aliveOperation = {
  id: 'isAlive',
  method: 'GET',
  path: '/healthz',
  tag: 'Operators',
  summary: 'Whether the process lives',
  access: [],
  answers: { 200: json('It lives.', aliveSchema) },
  errors: [],
} as const satisfies Operation;

export const readyOperation = {
  id: 'isReady',
  method: 'GET',
  path: '/readyz',
  tag: 'Operators',
  summary: 'Whether it can do its work',
  description: 'The log is reachable, and the service does not go away.',
  access: [],
  answers: { 200: json('It can.', readySchema), 503: json('It cannot.', readySchema) },
  errors: [],
} as const satisfies Operation;

/** `/healthz`: the process lives. `/readyz`: it can do its work: the log is reachable and it is not draining. */
export function serveHealth(app: FastifyInstance, hub: Hub): void {
  app.get(aliveOperation.path, async () => ({ status: 'ok' }));
  app.get(readyOperation.path, async (_request, reply) => {
    const { ready, draining, mode, log } = await hub.health();
    reply.code(ready ? 200 : 503).header('cache-control', 'no-store');
    const { profile, ...said } = log;
    const status = ready ? 'ready' : draining ? 'draining' : 'unavailable';
    // Settings keep the names they have where they are set.
    const survives = snakeCased(profile?.survives);
    return { status, mode, log: profile === undefined ? said : { ...said, settings: profile.settings, survives } };
  });
}
