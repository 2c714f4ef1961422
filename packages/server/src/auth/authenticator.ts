import type { IncomingHttpHeaders } from 'node:http';
import type { Authentication } from '@ws/core/internal';
import type { Logger } from 'pino';
import type { KeyFiles } from './key-files.ts';

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

/** Who sent a request. `null` or `undefined`: the request carries no credential of this kind. */
type Answer = Authentication | null | undefined;

/**
 * Says who sent a request, with a function of the application. Where it answers `null`, the next authenticator is asked, and in the end a
 * `hello` may bring a token.
 *
 * Rejects with a `WebSocketError`: `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `AUTH_UNAVAILABLE`. The error never holds the
 * credential.
 *
 * @example
 * ```ts
 * const authenticate: AuthenticateRequest = async ({ headers }) => {
 *   const session = await sessions.find(cookie(headers, 'session'));
 *   if (session === undefined) throw new WebSocketError('CREDENTIAL_INVALID', 'the session has ended: sign in again');
 *   return { userId: session.userId, expiresAt: session.expiresAt, tokenId: session.id };
 * };
 * ```
 */
export type AuthenticateRequest = (request: CredentialRequest) => Answer | Promise<Answer>;

/** What a kept way to authenticate is opened with. */
export interface AuthenticatorSetup {
  readonly logger: Logger;
  readonly keyFiles: KeyFiles;
}

/** A way to authenticate that has something to open: files of keys, for example. {@link jwt} makes one. */
export interface TokenAuthenticator {
  /** Opens it for one server, which calls it: an application does not. */
  open(setup: object): (token: string) => Promise<Authentication>;
}

/** Says who users are: a function, or what {@link jwt} makes. */
export type Authenticator = AuthenticateRequest | TokenAuthenticator;

/** Authenticators as one function. */
export interface OpenAuthenticator {
  readonly authenticate: (request: CredentialRequest) => Promise<Authentication | undefined>;
  /** Whether it looks at the token alone: then no connection keeps its request in memory. */
  readonly tokensOnly: boolean;
}

/** Opens authenticators. They are asked in their order, until one says who sent the request or refuses it. */
export function openAuthenticators(list: readonly Authenticator[], setup: AuthenticatorSetup): OpenAuthenticator {
  const asked = list.map((one): AuthenticateRequest => {
    if (typeof one === 'function') return one;
    const verify = one.open(setup);
    return ({ token }) => (token === undefined ? undefined : verify(token));
  });
  return {
    tokensOnly: list.every((one) => typeof one !== 'function'),
    async authenticate(request) {
      for (const ask of asked) {
        const answer = await ask(request);
        if (answer !== undefined && answer !== null) return answer;
      }
      return undefined;
    },
  };
}
