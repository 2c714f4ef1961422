import type { Keys } from './keys.ts';
import type { SendCommand } from './redis-leases.ts';

/** Places remembered where something failed. */
const MAX_PLACES = 16;
const PROBE_LIFE_MS = '1000';
/** Room that a probe asks for beyond what an append needed: what came in the meantime is written with it. */
const MAX_SPARE_BYTES = 1_048_576;
/**
 * What is left of the room asked for after a probe that failed. Not all the room that was missing may ever come back, and smaller
 * appends find theirs: a megabyte is down to the least within twenty seconds of probes.
 */
const PATIENCE = 15 / 16;

/** A small write whose last argument is as long as the events of an append: it counts as memory in use while the server decides. */
const AS_AN_APPEND = "return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])";

/** Tries whether the server, or the ones of a cluster where something failed, can be written to now. */
export class HealthProbe {
  readonly #send: SendCommand;
  readonly #keys: Keys;
  /** Keys in hash slots where the last operation failed, and the bytes of the largest append that found no room there. */
  readonly #failing = new Map<string, number>();

  constructor(send: SendCommand, keys: Keys) {
    this.#send = send;
    this.#keys = keys;
  }

  /**
   * An operation on this key failed: its server is asked, too, until it takes a write.
   *
   * @param missingBytes - of events for which there was no room; 0 where something else was wrong
   */
  failed(key: string, missingBytes: number): void {
    const probe = this.#keys.probeBeside(key);
    const known = this.#failing.get(probe);
    if (known === undefined && this.#failing.size >= MAX_PLACES) return;
    this.#failing.set(probe, Math.max(known ?? 0, missingBytes));
  }

  /**
   * Writes for real: only that tells of a server that is out of memory, or a replica. A server near its limit takes a small write and
   * refuses the events, so that after an append found no room a probe is as large as that.
   */
  async check(): Promise<boolean> {
    const probes = new Map([[this.#keys.probeBeside(this.#keys.leases(0)), 0], ...this.#failing]);
    const outcomes = await Promise.allSettled(
      [...probes].map(async ([key, missingBytes]) => {
        try {
          await this.#send(key, commandFor(key, missingBytes));
        } catch (error) {
          this.#settle(key, missingBytes, Math.floor(missingBytes * PATIENCE));
          throw error;
        }
        this.#settle(key, missingBytes, undefined);
      }),
    );
    return outcomes.every(({ status }) => status === 'fulfilled');
  }

  /** A probe was answered. An append may have failed meanwhile, and needed more: that stands. */
  #settle(key: string, asked: number, left: number | undefined): void {
    if (this.#failing.get(key) !== asked) return;
    if (left === undefined) this.#failing.delete(key);
    else this.#failing.set(key, left);
  }
}

function commandFor(key: string, missingBytes: number): string[] {
  if (missingBytes === 0) return ['SET', key, '1', 'PX', PROBE_LIFE_MS];
  const bytes = missingBytes + Math.min(missingBytes, MAX_SPARE_BYTES);
  return ['EVAL', AS_AN_APPEND, '1', key, PROBE_LIFE_MS, ' '.repeat(bytes)];
}
