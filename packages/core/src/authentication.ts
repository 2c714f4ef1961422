import type { UserContext } from './user-context.ts';

/** Who is at the other end of a connection, as a checked credential says. */
export interface Authentication {
  readonly userId: string;
  /** When the credential expires, in milliseconds since 1970. Absent: never. */
  readonly expiresAt?: number;
  /** Which credential it is (claim `jti` of a token), so that it can be revoked alone. */
  readonly tokenId?: string;
  /** When the credential was issued, in milliseconds since 1970. Absent: a revocation of the user's credentials always concerns it. */
  readonly issuedAt?: number;
  /** The only threads this credential may read and write. Absent: all of the user's. */
  readonly threads?: readonly string[];
  /** Binds the connection to the isolated stream of this one thread. Absent: the user's own stream. */
  readonly isolatedThread?: string;
}

/**
 * Checks a token that came in `hello` or `auth`.
 *
 * Rejects with a `WebSocketError`: `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`. The error never holds the token. A check that gives no
 * answer in time is reported to `onError`, and the client gets `AUTH_UNAVAILABLE`.
 */
export type Authenticate = (token: string) => Promise<Authentication>;

/** Whose stream a credential opens. */
export function contextOf({ userId, isolatedThread }: Authentication): UserContext {
  return isolatedThread === undefined ? { userId } : { userId, threadId: isolatedThread, mode: 'isolated' };
}
