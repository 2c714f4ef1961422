import type { Hub } from '@ws/core';
import type { Authentication } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { FastifyRequest } from 'fastify';
import type { ApiKeys } from '../auth/api-keys.ts';
import type { UserCredentials } from '../auth/user-credentials.ts';
import type { Reader } from '../limits/read-limit.ts';
import type { OriginCheck } from '../websocket/origin-check.ts';

export interface UserAccessOptions {
  readonly hub: Pick<Hub, 'authorize' | 'issueTime'>;
  readonly credentials: UserCredentials;
  readonly apiKeys: ApiKeys;
  readonly isOriginAllowed: OriginCheck;
}

/** What is read, and by whom: limits go by the latter. */
export interface StreamReader {
  readonly authentication: Authentication;
  readonly reader: Reader;
  /** Whether the API key is still good that the reader came with. Absent for a user, whose credential the hub follows. */
  readonly isKeyGood?: () => boolean;
}

/** Who may do what with a user's stream over HTTP. */
export class UserAccess {
  readonly #options: UserAccessOptions;

  constructor(options: UserAccessOptions) {
    this.#options = options;
  }

  /**
   * The user who sent a request, with the threads that may be read.
   *
   * @throws `ORIGIN_NOT_ALLOWED`, `CREDENTIAL_MISSING`, `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `CREDENTIAL_REVOKED`
   */
  async user(request: FastifyRequest): Promise<Authentication> {
    const { hub, credentials, isOriginAllowed } = this.#options;
    if (!isOriginAllowed(request.raw)) {
      throw new WebSocketError(
        'ORIGIN_NOT_ALLOWED',
        'pages of this origin may not do this: add the origin to WS_ALLOWED_ORIGINS',
      );
    }
    const authentication = await credentials.ofRequest(request.raw, new URL(request.url, 'http://server'));
    if (authentication === undefined) {
      throw new WebSocketError('CREDENTIAL_MISSING', 'a token or ticket of the user is needed');
    }
    return hub.authorize(authentication);
  }

  /**
   * Who may read a user's stream: holders of an API key with the scope `read`, and the user.
   *
   * @throws as {@link user}, and `FORBIDDEN` for another user's credential or a key without the scope
   */
  async reader(request: FastifyRequest, userId: string): Promise<StreamReader> {
    const { apiKeys, hub } = this.#options;
    if (apiKeys.find(request.headers) !== undefined) {
      const key = apiKeys.require(request.headers, 'read');
      // What was revoked are credentials of the user: a key is none, and counts as issued with its request.
      const issuedAt = await hub.issueTime(userId);
      return {
        authentication: { userId, issuedAt },
        reader: { kind: 'key', id: key.id },
        isKeyGood: () => apiKeys.stillAllows(key, 'read'),
      };
    }
    const authentication = await this.user(request);
    if (authentication.userId !== userId) {
      throw new WebSocketError('FORBIDDEN', 'the credential belongs to another user');
    }
    return asReader(authentication);
  }
}

/** A user who reads the own stream. */
export function asReader(authentication: Authentication): StreamReader {
  return { authentication, reader: { kind: 'user', id: authentication.userId } };
}
