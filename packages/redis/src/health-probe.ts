import type { Keys } from './keys.ts';
import type { SendCommand } from './redis-leases.ts';

/** Places remembered where something failed. */
const MAX_PLACES = 16;
const PROBE_LIFE_MS = 1_000;

/** Tries whether the server, or the ones of a cluster where something failed, can be written to now. */
export class HealthProbe {
  readonly #send: SendCommand;
  readonly #keys: Keys;
  /** Keys in hash slots where the last operation failed. */
  readonly #failing = new Set<string>();

  constructor(send: SendCommand, keys: Keys) {
    this.#send = send;
    this.#keys = keys;
  }

  /** An operation on this key failed: its server is asked, too, until it takes a write. */
  failed(key: string): void {
    const probe = this.#keys.probeBeside(key);
    if (this.#failing.size < MAX_PLACES) this.#failing.add(probe);
  }

  /** Writes for real: only that tells of a server that is out of memory, or a replica. */
  async check(): Promise<boolean> {
    const probes = new Set([this.#keys.probeBeside(this.#keys.leases(0)), ...this.#failing]);
    const outcomes = await Promise.allSettled(
      [...probes].map(async (key) => {
        await this.#send(key, ['SET', key, '1', 'PX', String(PROBE_LIFE_MS)]);
        this.#failing.delete(key);
      }),
    );
    return outcomes.every(({ status }) => status === 'fulfilled');
  }
}
