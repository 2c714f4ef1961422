import type { Hub } from '@ws/core';
import type { Authenticate, Authentication } from '@ws/core/internal';
import { isId, TOKEN_SUBPROTOCOL_PREFIX, WebSocketError } from '@ws/types';
import * as v from 'valibot';
import type { Caller } from '../http/caller.ts';
import type { ClientAddress } from '../http/client-address.ts';
import type { CredentialRequest, OpenAuthenticator } from './authenticator.ts';
import { bearerToken } from './bearer-token.ts';
import type { Tickets } from './tickets.ts';

/** Time for the check of one credential. */
const CHECK_TIMEOUT_MS = 10_000;

export interface UserCredentialsOptions extends OpenAuthenticator {
  readonly tickets: Tickets;
  readonly clientAddress: ClientAddress;
  readonly hub: Pick<Hub, 'assertNotRevoked'>;
}

/** How users prove who they are. */
export class UserCredentials {
  readonly #options: UserCredentialsOptions;
  /** The check of frames where it looks at the token alone: one for all connections. */
  readonly #ofToken: Authenticate;

  constructor(options: UserCredentialsOptions) {
    this.#options = options;
    this.#ofToken = this.#ofFramesAfter({ headers: {}, url: new URL('http://server/ws'), address: '' });
  }

  /**
   * Who sent a request: by the token in a subprotocol entry, the `Authorization` header, or a ticket in the URL; first found wins.
   * `undefined` if it carries none.
   *
   * @throws `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`, `CREDENTIAL_REVOKED`, `AUTH_UNAVAILABLE`
   */
  async ofRequest(request: Caller, url: URL): Promise<Authentication | undefined> {
    const { tickets, hub } = this.#options;
    const token = subprotocolToken(request) ?? bearerToken(request.headers);
    const ticket = url.searchParams.get('ticket');
    const authentication =
      token === undefined && ticket !== null
        ? await tickets.redeem(ticket, request.headers.origin)
        : await this.#check({ ...this.#describe(request, url), token });
    if (authentication !== undefined) await hub.assertNotRevoked(authentication);
    return authentication;
  }

  /** Checks the tokens in frames of the connection that `request` opened. */
  ofFrames(request: Caller, url: URL): Authenticate {
    return this.#options.tokensOnly ? this.#ofToken : this.#ofFramesAfter(this.#describe(request, url));
  }

  #ofFramesAfter(request: Omit<CredentialRequest, 'token'>): Authenticate {
    return async (token) => {
      const authentication = await this.#check({ ...request, token });
      if (authentication !== undefined) return authentication;
      throw new WebSocketError('CREDENTIAL_INVALID', 'the token is not one that this server takes');
    };
  }

  #describe(request: Caller, url: URL): Omit<CredentialRequest, 'token'> {
    return { headers: request.headers, url, address: this.#options.clientAddress(request) };
  }

  async #check(request: CredentialRequest): Promise<Authentication | undefined> {
    const authentication = await inTime(this.#options.authenticate(request));
    return authentication === undefined ? undefined : checked(authentication);
  }
}

const authenticationSchema = v.object({
  userId: v.custom<string>(isId),
  threads: v.optional(v.array(v.custom<string>(isId))),
  expiresAt: v.optional(v.pipe(v.number(), v.finite())),
  issuedAt: v.optional(v.pipe(v.number(), v.finite())),
  tokenId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(256))),
});

/** An authenticator may be any code of the application: an id that is none would name a stream that is not the user's. */
function checked(authentication: Authentication): Authentication {
  const result = v.safeParse(authenticationSchema, authentication);
  if (result.success) return authentication;
  const field = v.getDotPath(result.issues[0]) ?? 'its answer';
  const cause = new Error(`the authenticator of the application answered nonsense: ${field} is not what it must be`);
  throw new WebSocketError('INTERNAL', 'the credential could not be checked', { cause });
}

/** A check of a credential may wait for others; a peer that is not let in must not wait for ever. */
async function inTime<Result>(work: Result | Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    const message = 'the credential could not be checked in time: try again';
    timer = setTimeout(() => reject(new WebSocketError('AUTH_UNAVAILABLE', message)), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

/** The subprotocols a request offers. */
export function offeredSubprotocols(request: Caller): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((entry) => entry.trim());
}

function subprotocolToken(request: Caller): string | undefined {
  const entry = offeredSubprotocols(request).find((offered) => offered.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
  return entry?.slice(TOKEN_SUBPROTOCOL_PREFIX.length);
}
