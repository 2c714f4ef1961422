import type { Hub } from '@ws/core';
import { toUserId } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import type { ApiKeys } from '../auth/api-keys.ts';
import { extendedRunSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';

export const extendRunOperation = {
  id: 'extendRun',
  method: 'POST',
  path: '/v1/users/:userId/runs/:runId/extend',
  tag: 'Publishers',
  summary: 'Keep a silent run',
  description:
    'A run that nothing is published to for five minutes (a setting) counts as lost and ends as `interrupted`. This call is a sign of life ' +
    'of an agent that has nothing to say yet. It also tells whether the user has cancelled the run.',
  access: ['publish'],
  answers: { 200: json('The run goes on.', extendedRunSchema) },
  errors: [
    'INVALID_USER_ID',
    'INVALID_ID',
    'RUN_NOT_OPEN',
    'RUN_CANCELLED',
    'RUN_ALREADY_COMPLETED',
    'LOG_UNAVAILABLE',
  ],
} as const satisfies Operation;

/** `POST /v1/users/{user_id}/runs/{run_id}/extend`: a sign of life of an agent that publishes. */
export function serveRuns(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys): void {
  app.post<{ Params: { userId: string; runId: string } }>(
    extendRunOperation.path,
    { onRequest: async (request) => apiKeys.require(request.headers, 'publish') },
    async ({ params: { userId, runId } }) => {
      const expiresAt = await hub.manager({ userId: toUserId(userId) }).extendRun(runId);
      return { run_id: runId, expires_at: expiresAt };
    },
  );
}
