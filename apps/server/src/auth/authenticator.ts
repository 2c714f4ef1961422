import type { IncomingHttpHeaders } from 'node:http';
import type { Authentication } from '@ws/core';

/** What a request says of who sent it. */
export interface CredentialRequest {
  /** The token it carries: of a subprotocol entry, of `Authorization: Bearer`, or of a `hello` or `auth` frame. */
  readonly token: string | undefined;
  /** Headers of the request; for a frame those of the upgrade. */
  readonly headers: IncomingHttpHeaders;
  readonly url: URL;
  /** Address of the client, as far as proxies are trusted to tell it. */
  readonly address: string;
}

/**
 * Says who sent a request. `undefined`: the request carries no credential, and a `hello` may bring one.
 *
 * Rejects with a `WebSocketError`: `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `AUTH_UNAVAILABLE`. The error never holds the
 * credential.
 *
 * @example
 * ```ts
 * const authenticate: Authenticator = async ({ headers }) => {
 *   const session = await sessions.find(cookie(headers, 'session'));
 *   if (session === undefined) throw new WebSocketError('CREDENTIAL_INVALID', 'the session has ended: sign in again');
 *   return { userId: session.userId, expiresAt: session.expiresAt };
 * };
 * ```
 */
export type Authenticator = (
  request: CredentialRequest,
) => Authentication | undefined | Promise<Authentication | undefined>;

/** An authenticator that looks at the token and at nothing else. */
export function authenticatorOfTokens(verify: (token: string) => Promise<Authentication>): Authenticator {
  return ({ token }) => (token === undefined ? undefined : verify(token));
}
