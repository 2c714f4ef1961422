import { WebSocketError } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { TicketStore } from '../log/shared-state.ts';

/** Values that may wait at once: a bound, far above what the sign-ins of half a minute need. */
const MAX_TICKETS = 100_000;

interface Ticket {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  /** The same on the monotonic clock: a wall clock that is set back makes no ticket live longer. */
  readonly over: number;
}

/** Tickets in the memory of this process, for a service that is one process. */
export class MemoryTickets implements TicketStore {
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #tickets = new Map<string, Ticket>();

  constructor(clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.#clock = clock;
  }

  put(key: string, value: string, lifeMs: number): void {
    this.#dropExpired();
    if (this.#tickets.size >= MAX_TICKETS) {
      throw new WebSocketError('RATE_LIMITED', 'too many tickets wait to be used: try again when some have expired');
    }
    this.#tickets.set(key, {
      value,
      expiresAt: this.#clock.now() + lifeMs,
      over: this.#clock.monotonic() + lifeMs,
    });
  }

  take(key: string): string | undefined {
    const ticket = this.#tickets.get(key);
    this.#tickets.delete(key);
    return ticket !== undefined && this.#isGood(ticket) ? ticket.value : undefined;
  }

  /** From the oldest on, up to one that is still good: whoever lives as long as the others is found in time. */
  #dropExpired(): void {
    for (const [key, ticket] of this.#tickets) {
      if (this.#isGood(ticket)) return;
      this.#tickets.delete(key);
    }
  }

  #isGood({ expiresAt, over }: Ticket): boolean {
    return expiresAt > this.#clock.now() && over > this.#clock.monotonic();
  }
}
