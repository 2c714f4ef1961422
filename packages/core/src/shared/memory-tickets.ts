import { WebSocketError } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { TicketStore } from './shared-state.ts';

/** Values that may wait at once: a bound, far above what the sign-ins of half a minute need. */
const MAX_TICKETS = 100_000;

interface Ticket {
  readonly value: string;
  readonly expiresAt: number;
}

/** Tickets in the memory of this process, for a service that is one process. */
export class MemoryTickets implements TicketStore {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  put(key: string, value: string, lifeMs: number): void {
    const now = this.#clock.now();
    this.#dropExpired(now);
    if (this.#tickets.size >= MAX_TICKETS) {
      throw new WebSocketError('RATE_LIMITED', 'too many tickets wait to be used: try again when some have expired');
    }
    this.#tickets.set(key, { value, expiresAt: now + lifeMs });
  }

  take(key: string): string | undefined {
    const ticket = this.#tickets.get(key);
    this.#tickets.delete(key);
    return ticket !== undefined && ticket.expiresAt > this.#clock.now() ? ticket.value : undefined;
  }

  /** From the oldest on, up to one that is still good: whoever lives as long as the others is found in time. */
  #dropExpired(now: number): void {
    for (const [key, { expiresAt }] of this.#tickets) {
      if (expiresAt > now) return;
      this.#tickets.delete(key);
    }
  }
}
