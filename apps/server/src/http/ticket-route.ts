import { toUserId } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import type { Tickets } from '../auth/tickets.ts';
import { checkInput } from './check-input.ts';

const bodySchema = v.object({ user_id: v.string('must be a string') });

/** `POST /v1/tickets`: a single-use ticket for a user, for clients that can set no header. */
export function serveTickets(app: FastifyInstance, tickets: Tickets, apiKeys: ApiKeys): void {
  app.post(
    '/v1/tickets',
    { onRequest: async (request) => apiKeys.require(request.headers, 'admin') },
    async (request, reply) => {
      const { user_id } = checkInput(bodySchema, request.body, 'body');
      const { ticket, expiresAt } = await tickets.issue(toUserId(user_id));
      reply.header('cache-control', 'no-store');
      return { ticket, expires_at: expiresAt };
    },
  );
}
