import { createHash, randomBytes } from 'node:crypto';
import type { Authentication, TicketStore } from '@ws/core';
import { TICKET_TTL_MS, WebSocketError } from '@ws/types';

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Single-use tickets: what a client that can set no header puts into the URL. Worthless after one use or 30 seconds, and good in
 * every process of the service.
 */
export class Tickets {
  readonly #store: TicketStore;
  readonly #now: () => number;

  constructor(store: TicketStore, now: () => number = Date.now) {
    this.#store = store;
    this.#now = now;
  }

  /** Throws `RATE_LIMITED` where too many tickets wait, and the errors of the log that keeps them. */
  async issue(userId: string): Promise<Ticket> {
    const ticket = randomBytes(24).toString('base64url');
    const issuedAt = this.#now();
    await this.#store.put(keyOf(ticket), JSON.stringify({ userId, issuedAt } satisfies Authentication), TICKET_TTL_MS);
    return { ticket, expiresAt: issuedAt + TICKET_TTL_MS };
  }

  /** Who the ticket was issued for. Throws `CREDENTIAL_INVALID` the second time, and when it is unknown or too old. */
  async redeem(ticket: string): Promise<Authentication> {
    const authentication = await this.#store.take(keyOf(ticket));
    if (authentication === undefined) {
      throw new WebSocketError('CREDENTIAL_INVALID', 'the ticket is unknown, too old or was used before');
    }
    // What `issue` wrote.
    return JSON.parse(authentication) as Authentication;
  }
}

/** Whoever can look into the store finds no ticket there. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
