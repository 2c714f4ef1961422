import { WebSocketError } from '@ws/types';
import type { Authentication } from '@ws/core';
import type { FastifyRequest } from 'fastify';
import type { ApiKeyCheck } from '../auth/api-key.ts';
import { authenticateRequest, type UserCredentials } from '../auth/user-credentials.ts';

/**
 * Who may read a user's stream over HTTP: holders of the API key, and the user with a token or ticket of their own.
 *
 * @throws `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `FORBIDDEN` for another user's credential
 */
export async function authorizeReader(
  request: FastifyRequest,
  userId: string,
  apiKey: ApiKeyCheck,
  credentials: UserCredentials,
): Promise<Authentication> {
  if (apiKey.holds(request.headers)) return { userId };
  const url = new URL(request.url, 'http://server');
  const authentication = await authenticateRequest(request.raw, url, credentials);
  if (authentication === undefined) {
    throw new WebSocketError('CREDENTIAL_MISSING', 'an API key, or a token or ticket of the user, is needed');
  }
  if (authentication.userId !== userId) {
    throw new WebSocketError('FORBIDDEN', 'the credential belongs to another user');
  }
  return authentication;
}
