import { createHash, randomBytes } from 'node:crypto';
import type { Authentication, TicketStore } from '@ws/core';
import { TICKET_TTL_MS, WebSocketError } from '@ws/types';

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Who a ticket lets in, and where. */
export interface TicketGrant {
  readonly userId: string;
  /** The only threads it opens. Absent: all of the user's. */
  readonly threads?: readonly string[];
  /** The only origin of pages it is good for. Absent: any that may connect. */
  readonly origin?: string;
}

interface KeptTicket {
  readonly authentication: Authentication;
  readonly origin?: string;
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
  async issue({ userId, threads, origin }: TicketGrant): Promise<Ticket> {
    const ticket = randomBytes(24).toString('base64url');
    const issuedAt = this.#now();
    const authentication: Authentication = { userId, issuedAt, ...(threads === undefined ? {} : { threads }) };
    const kept: KeptTicket = { authentication, ...(origin === undefined ? {} : { origin }) };
    await this.#store.put(keyOf(ticket), JSON.stringify(kept), TICKET_TTL_MS);
    return { ticket, expiresAt: issuedAt + TICKET_TTL_MS };
  }

  /**
   * Who the ticket was issued for.
   *
   * @param origin - of the page that presents it, if it was a page
   * @throws `CREDENTIAL_INVALID` the second time, when it is unknown or too old, and for a page it was not issued for
   */
  async redeem(ticket: string, origin: string | undefined): Promise<Authentication> {
    const text = await this.#store.take(keyOf(ticket));
    // What `issue` wrote.
    const kept = text === undefined ? undefined : (JSON.parse(text) as KeptTicket);
    if (kept === undefined || (kept.origin !== undefined && kept.origin !== origin)) {
      throw new WebSocketError('CREDENTIAL_INVALID', 'the ticket is unknown, too old or was used before');
    }
    return kept.authentication;
  }
}

/** Whoever can look into the store finds no ticket there. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
