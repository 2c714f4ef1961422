import type { TicketStore } from '@ws/core/log';
import type { Keys } from './keys.ts';
import type { SendCommand } from './redis-leases.ts';

/** Tickets in Redis: a key each, which lapses by itself. */
export class RedisTickets implements TicketStore {
  readonly #send: SendCommand;
  readonly #keys: Keys;

  constructor(send: SendCommand, keys: Keys) {
    this.#send = send;
    this.#keys = keys;
  }

  async put(key: string, value: string, lifeMs: number): Promise<void> {
    const name = this.#keys.ticket(key);
    await this.#send(name, ['SET', name, value, 'PX', String(Math.max(1, Math.round(lifeMs)))]);
  }

  async take(key: string): Promise<string | undefined> {
    const name = this.#keys.ticket(key);
    const value = await this.#send(name, ['GETDEL', name]);
    return typeof value === 'string' ? value : undefined;
  }
}
