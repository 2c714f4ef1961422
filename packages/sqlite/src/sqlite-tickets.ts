import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, TicketStore } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import type { FileAccess } from './file-access.ts';

/** Tickets that may wait at once: far above what the sign-ins of half a minute need. */
const MAX_TICKETS = 100_000;

/** Tickets in the file of the log. */
export class SqliteTickets implements TicketStore {
  readonly #access: FileAccess;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #put: StatementSync;
  readonly #has: StatementSync;
  readonly #take: StatementSync;
  readonly #dropExpired: StatementSync;
  readonly #count: StatementSync;

  constructor(db: DatabaseSync, access: FileAccess, clock: Pick<Clock, 'now'>) {
    this.#access = access;
    this.#clock = clock;
    this.#put = db.prepare('INSERT OR REPLACE INTO tickets (key, value, expires_at) VALUES (?, ?, ?)');
    this.#has = db.prepare('SELECT 1 AS has FROM tickets WHERE key = ?');
    this.#take = db.prepare('DELETE FROM tickets WHERE key = ? RETURNING value, expires_at');
    this.#dropExpired = db.prepare('DELETE FROM tickets WHERE expires_at <= ?');
    this.#count = db.prepare('SELECT count(*) AS n FROM tickets');
  }

  put(key: string, value: string, lifeMs: number): Promise<void> {
    return this.#access.write(1, () => {
      const now = this.#clock.now();
      this.#dropExpired.run(now);
      if (Number(this.#count.get()?.['n']) >= MAX_TICKETS) {
        throw new WebSocketError('RATE_LIMITED', 'too many tickets wait to be used: try again when some have expired');
      }
      this.#put.run(key, value, Math.ceil(now + lifeMs));
    });
  }

  async take(key: string): Promise<string | undefined> {
    // A guess has no claim to the write lock.
    if (this.#access.read(() => this.#has.get(key)) === undefined) return undefined;
    return this.#access.write(1, () => {
      const row = this.#take.get(key);
      const isGood = row !== undefined && Number(row['expires_at']) > this.#clock.now();
      return isGood ? String(row['value']) : undefined;
    });
  }
}
