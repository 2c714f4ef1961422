import type { Hub } from '@ws/core';
import { isId } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import { RecentSamples } from '../observe/recent-samples.ts';
import { debugStateSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';
import { snakeCased } from './snake-case.ts';

const MAX_LIMIT = 1_000;

const querySchema = v.object({
  user_id: v.exactOptional(v.custom<string>(isId, 'must be an id')),
  limit: v.exactOptional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,6}$/, 'must be a whole number'),
      v.transform(Number),
      v.maxValue(MAX_LIMIT, `must be at most ${MAX_LIMIT}`),
    ),
  ),
});

export const debugOperation = {
  id: 'debugState',
  method: 'GET',
  path: '/debug/state',
  tag: 'Operators',
  summary: 'What this node holds, and how it got there',
  description: 'Counters, connections and streams. Never a secret, never a payload.',
  access: ['admin'],
  query: querySchema,
  answers: { 200: json('The state.', debugStateSchema) },
  errors: [],
} as const satisfies Operation;

/** `GET /debug/state`: what this node holds and how it got there, for administrators. Never a secret, never a payload. */
export function serveDebugState(
  app: FastifyInstance,
  hub: Hub,
  apiKeys: ApiKeys,
  settings: Readonly<Record<string, string>> | undefined,
): void {
  const samples = new RecentSamples(hub);
  app.addHook('onClose', async () => samples[Symbol.dispose]());
  const startedAt = Date.now();
  app.get(
    debugOperation.path,
    { onRequest: async (request) => apiKeys.require(request.headers, 'admin') },
    async (request, reply) => {
      const { user_id: userId, limit } = checkInput(querySchema, request.query, 'query');
      const { mode, draining, log } = await hub.health();
      const { totals, connections, streams } = hub.inspect({
        ...(userId === undefined ? {} : { userId }),
        ...(limit === undefined ? {} : { limit }),
      });
      reply.header('cache-control', 'no-store');
      const node = { pid: process.pid, nodeVersion: process.version, startedAt, now: Date.now() };
      const counters = hub.stats();
      const held = { node, mode, draining, log, totals, counters, samples: samples.list(), connections, streams };
      // Names of settings stay as they are set.
      return Object.assign({}, snakeCased(held), settings === undefined ? {} : { settings });
    },
  );
}
