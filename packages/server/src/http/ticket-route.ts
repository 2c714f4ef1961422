import { isId, toUserId } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import type { Tickets } from '../auth/tickets.ts';
import { ticketSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';

const bodySchema = v.object({
  user_id: v.pipe(v.string('must be a string'), v.description('who the ticket lets in')),
  threads: v.exactOptional(
    v.pipe(
      v.array(v.custom<string>(isId, 'must be an id')),
      v.minLength(1, 'must not be empty'),
      v.description('the only threads it opens'),
    ),
  ),
  origin: v.exactOptional(
    v.pipe(
      v.string(),
      v.check((text) => URL.canParse(text) && new URL(text).origin === text, 'must be like https://app.example.com'),
      v.description('the only origin of pages it is good for'),
    ),
  ),
  connection_expires_at: v.exactOptional(
    v.pipe(
      v.number('must be a time in milliseconds since 1970'),
      v.safeInteger(),
      v.minValue(1),
      v.description('when a connection it opens has to show a fresh credential, in milliseconds since 1970'),
    ),
  ),
});

export const ticketOperation = {
  id: 'issueTicket',
  method: 'POST',
  path: '/v1/tickets',
  tag: 'Back ends',
  summary: 'Issue a ticket for a user',
  description:
    'For clients that can set no header: the ticket goes into the address of the connection, `/ws?ticket=…`. It works once, within ' +
    '30 seconds. The connection is held to `connection_expires_at` as to the expiry of a token; without one it is good for an hour (a ' +
    'setting). Name the end of the session that the ticket is made for.',
  access: ['admin'],
  body: bodySchema,
  bodyExample: { user_id: 'u1' },
  answers: { 200: json('A ticket.', ticketSchema) },
  errors: ['BAD_JSON', 'INVALID_USER_ID', 'LOG_UNAVAILABLE'],
} as const satisfies Operation;

/** `POST /v1/tickets`: a single-use ticket for a user, for clients that can set no header. */
export function serveTickets(app: FastifyInstance, tickets: Tickets, apiKeys: ApiKeys): void {
  app.post(
    ticketOperation.path,
    { onRequest: async (request) => apiKeys.require(request.headers, 'admin') },
    async (request, reply) => {
      const { user_id, threads, origin, connection_expires_at } = checkInput(bodySchema, request.body, 'body');
      const { ticket, expiresAt, connectionExpiresAt } = await tickets.issue({
        userId: toUserId(user_id),
        ...(threads === undefined ? {} : { threads }),
        ...(origin === undefined ? {} : { origin }),
        ...(connection_expires_at === undefined ? {} : { connectionExpiresAt: connection_expires_at }),
      });
      reply.header('cache-control', 'no-store');
      return { ticket, expires_at: expiresAt, connection_expires_at: connectionExpiresAt };
    },
  );
}
