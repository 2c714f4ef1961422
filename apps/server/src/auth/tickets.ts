import { randomBytes } from 'node:crypto';
import type { Authentication } from '@ws/core';
import { TICKET_TTL_MS, WebSocketError } from '@ws/types';

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Tickets that may wait at once: a bound, far above what 30 seconds of sign-ins need. */
const MAX_TICKETS = 100_000;

/** Single-use tickets: what a client that can set no header puts into the URL. Worthless after one use or 30 seconds. */
export class Tickets {
  readonly #now: () => number;
  // Insertion order is expiry order, since every ticket lives equally long.
  readonly #tickets = new Map<string, { readonly userId: string; readonly expiresAt: number }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  issue(userId: string): Ticket {
    this.#dropExpired();
    if (this.#tickets.size >= MAX_TICKETS) throw new WebSocketError('RATE_LIMITED', 'too many tickets wait to be used');
    const ticket = randomBytes(24).toString('base64url');
    const expiresAt = this.#now() + TICKET_TTL_MS;
    this.#tickets.set(ticket, { userId, expiresAt });
    return { ticket, expiresAt };
  }

  /** Who the ticket was issued for. Throws `CREDENTIAL_INVALID` the second time, and when it is unknown or too old. */
  redeem(ticket: string): Authentication {
    const entry = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (entry === undefined || entry.expiresAt <= this.#now()) {
      throw new WebSocketError('CREDENTIAL_INVALID', 'the ticket is unknown, too old or was used before');
    }
    return { userId: entry.userId };
  }

  #dropExpired(): void {
    const now = this.#now();
    for (const [ticket, { expiresAt }] of this.#tickets) {
      if (expiresAt > now) return;
      this.#tickets.delete(ticket);
    }
  }
}
