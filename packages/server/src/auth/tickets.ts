import { createHash, randomBytes } from 'node:crypto';
import type { Hub } from '@ws/core';
import type { Authentication } from '@ws/core/internal';
import { TICKET_TTL_MS, WebSocketError } from '@ws/types';

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** When a connection that was opened with it has to show a fresh credential, in milliseconds since 1970. */
  readonly connectionExpiresAt: number;
}

/** Who a ticket lets in, and where. */
export interface TicketGrant {
  readonly userId: string;
  /** The only threads it opens. Absent: all of the user's. */
  readonly threads?: readonly string[];
  /** The only origin of pages it is good for. Absent: any that may connect. */
  readonly origin?: string;
  /**
   * When what the ticket stands for ends, a session of the user's for example, in milliseconds since 1970. A connection is held to it as to
   * the expiry of a token. Absent: as long from now as the service lets a connection live on a ticket.
   */
  readonly connectionExpiresAt?: number;
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
  readonly #hub: Pick<Hub, 'tickets' | 'issueTime'>;
  readonly #connectionMs: number;
  readonly #now: () => number;

  /** @param connectionMs - how long a connection lives on a ticket that says nothing else */
  constructor(hub: Pick<Hub, 'tickets' | 'issueTime'>, connectionMs: number, now: () => number = Date.now) {
    this.#hub = hub;
    this.#connectionMs = connectionMs;
    this.#now = now;
  }

  /**
   * Throws `BAD_REQUEST` for an expiry that is past, `RATE_LIMITED` where too many tickets wait, and the errors of the log that keeps
   * them.
   */
  async issue({ userId, threads, origin, connectionExpiresAt }: TicketGrant): Promise<Ticket> {
    const ticket = randomBytes(24).toString('base64url');
    const now = this.#now();
    const ends = connectionExpiresAt ?? now + this.#connectionMs;
    if (ends <= now) {
      throw new WebSocketError('BAD_REQUEST', 'body: field connection_expires_at: must be in the future');
    }
    const authentication: Authentication = {
      userId,
      issuedAt: await this.#hub.issueTime(userId),
      expiresAt: ends,
      ...(threads === undefined ? {} : { threads }),
    };
    const kept: KeptTicket = { authentication, ...(origin === undefined ? {} : { origin }) };
    await this.#hub.tickets.put(keyOf(ticket), JSON.stringify(kept), TICKET_TTL_MS);
    return { ticket, expiresAt: now + TICKET_TTL_MS, connectionExpiresAt: ends };
  }

  /**
   * Who the ticket was issued for.
   *
   * @param origin - of the page that presents it, if it was a page
   * @throws `CREDENTIAL_INVALID` the second time, when it is unknown or too old, and for a page it was not issued for;
   * `CREDENTIAL_EXPIRED` where what it stands for has ended
   */
  async redeem(ticket: string, origin: string | undefined): Promise<Authentication> {
    const text = await this.#hub.tickets.take(keyOf(ticket));
    // What `issue` wrote.
    const kept = text === undefined ? undefined : (JSON.parse(text) as KeptTicket);
    if (kept === undefined || (kept.origin !== undefined && kept.origin !== origin)) {
      throw new WebSocketError('CREDENTIAL_INVALID', 'the ticket is unknown, too old or was used before');
    }
    const { expiresAt } = kept.authentication;
    if (expiresAt !== undefined && expiresAt <= this.#now()) {
      throw new WebSocketError('CREDENTIAL_EXPIRED', 'what the ticket stands for has expired: get another one');
    }
    return kept.authentication;
  }
}

/** Whoever can look into the store finds no ticket there. */
function keyOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
