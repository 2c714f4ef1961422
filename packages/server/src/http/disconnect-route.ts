import type { Hub } from '@ws/core';
import { toUserId, WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import { revokedSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';

/** Longer than tokens usually live, so that a revoked one does not become good again. */
const DEFAULT_LIFE_MS = 30 * 86_400_000;

const bodySchema = v.object({
  token_id: v.exactOptional(
    v.pipe(
      v.string(),
      v.minLength(1, 'must not be empty'),
      v.maxLength(256, 'must have at most 256 characters'),
      v.description('the claim `jti` of the one token concerned; without it, all credentials issued until now'),
    ),
  ),
  expires_at: v.exactOptional(
    v.pipe(
      v.number(),
      v.safeInteger('must be whole milliseconds since 1970'),
      v.minValue(0),
      v.description('when the last credential concerned expires, in milliseconds since 1970; default: in 30 days'),
    ),
  ),
});

export const disconnectOperation = {
  id: 'disconnectUser',
  method: 'POST',
  path: '/v1/users/:userId/disconnect',
  tag: 'Back ends',
  summary: 'Disconnect a user',
  description:
    'Revokes the credentials of a user, or one token by its id: what is open is closed on every node, and they open no further ' +
    'connections. New credentials are good from `valid_from` on; one issued shortly before that is refused with ' +
    '`CREDENTIAL_EXPIRED`, by which clients fetch another. Runs go on. It takes effect on this node at once, also while the log is ' +
    'unavailable or full.',
  access: ['admin'],
  body: bodySchema,
  bodyExample: { token_id: 'jti-of-the-token' },
  answers: {
    200: json('Revoked: it has effect on this node, and is on its way to the others.', revokedSchema),
    202: json(
      'Revoked on this node alone, because the log is unavailable or full (`written` is false). It is written when the log is back; until ' +
        'then other nodes do not know it, and it is lost if this node ends. Repeat the call until it answers 200.',
      revokedSchema,
    ),
  },
  errors: ['BAD_JSON', 'INVALID_USER_ID'],
} as const satisfies Operation;

/** `POST /v1/users/{user_id}/disconnect`: revokes credentials and closes the connections that rest on them, on every node. */
export function serveDisconnect(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys): void {
  app.post<{ Params: { userId: string } }>(
    disconnectOperation.path,
    { onRequest: async (request) => apiKeys.require(request.headers, 'admin') },
    async (request, reply) => {
      const userId = toUserId(request.params.userId);
      const body = checkInput(bodySchema, request.body ?? {}, 'body');
      const { token_id: tokenId, expires_at: expiresAt = Date.now() + DEFAULT_LIFE_MS } = body;
      if (expiresAt <= Date.now()) {
        throw new WebSocketError(
          'BAD_REQUEST',
          'body: field expires_at: must be in the future (milliseconds since 1970)',
        );
      }
      const revocation = { userId, expiresAt, ...(tokenId === undefined ? {} : { tokenId }) };
      const { written, validFrom } = await hub.revoke(revocation);
      return reply.code(written ? 200 : 202).send({
        user_id: userId,
        ...(tokenId === undefined ? {} : { token_id: tokenId }),
        expires_at: expiresAt,
        ...(validFrom === undefined ? {} : { valid_from: validFrom }),
        written,
      });
    },
  );
}
