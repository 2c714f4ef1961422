import type { IncomingMessage } from 'node:http';
import type { Authentication } from '@ws/core';
import { TOKEN_SUBPROTOCOL_PREFIX } from '@ws/types';
import { bearerToken } from './bearer-token.ts';
import type { Tickets } from './tickets.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** How users prove who they are. */
export interface UserCredentials {
  readonly verifyToken: TokenVerifier;
  readonly tickets: Tickets;
}

/**
 * Who sent a request: by the token in a subprotocol entry, the `Authorization` header, or a ticket in the URL; first found wins.
 * `undefined` if it carries none.
 *
 * @throws `CREDENTIAL_INVALID`, `CREDENTIAL_EXPIRED`
 */
export async function authenticateRequest(
  request: IncomingMessage,
  url: URL,
  { verifyToken, tickets }: UserCredentials,
): Promise<Authentication | undefined> {
  const token = subprotocolToken(request) ?? bearerToken(request.headers);
  if (token !== undefined) return verifyToken(token);
  const ticket = url.searchParams.get('ticket');
  return ticket === null ? undefined : tickets.redeem(ticket);
}

/** The subprotocols a request offers. */
export function offeredSubprotocols(request: IncomingMessage): readonly string[] {
  return (request.headers['sec-websocket-protocol'] ?? '').split(',').map((entry) => entry.trim());
}

function subprotocolToken(request: IncomingMessage): string | undefined {
  const entry = offeredSubprotocols(request).find((offered) => offered.startsWith(TOKEN_SUBPROTOCOL_PREFIX));
  return entry?.slice(TOKEN_SUBPROTOCOL_PREFIX.length);
}
