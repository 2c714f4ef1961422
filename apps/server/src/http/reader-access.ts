import { WebSocketError } from '@ws/types';
import type { Authentication } from '@ws/core';
import type { FastifyRequest } from 'fastify';
import type { ApiKeys } from '../auth/api-keys.ts';
import type { UserCredentials } from '../auth/user-credentials.ts';

/**
 * Who may read a user's stream over HTTP: holders of an API key with the scope `read`, and the user with a token or ticket of their own.
 *
 * @throws `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `FORBIDDEN` for another user's credential, or a key without
 * the scope
 */
export async function authorizeReader(
  request: FastifyRequest,
  userId: string,
  apiKeys: ApiKeys,
  credentials: UserCredentials,
): Promise<Authentication> {
  if (apiKeys.find(request.headers) !== undefined) {
    apiKeys.require(request.headers, 'read');
    return { userId };
  }
  const url = new URL(request.url, 'http://server');
  const authentication = await credentials.ofRequest(request.raw, url);
  if (authentication === undefined) {
    throw new WebSocketError('CREDENTIAL_MISSING', 'an API key, or a token or ticket of the user, is needed');
  }
  if (authentication.userId !== userId) {
    throw new WebSocketError('FORBIDDEN', 'the credential belongs to another user');
  }
  return authentication;
}
