import type { RunLease, RunLeases, StreamKey } from '@ws/core/log';
import type { RunId } from '@ws/types';
import type { Keys } from './keys.ts';

/** Sorted sets that leases are spread over, so that the servers of a cluster share them. The same for every process. */
const BUCKETS = 16;
/** Members sent in one command. */
const CHUNK = 1_000;

/** How the leases reach the server: refused once the log is closed. */
export type SendCommand = (key: string, args: readonly string[]) => Promise<unknown>;

/** Run leases in sorted sets: a member is a run, its score is when the lease lapses. */
export class RedisLeases implements RunLeases {
  readonly #send: SendCommand;
  readonly #keys: Keys;

  constructor(send: SendCommand, keys: Keys) {
    this.#send = send;
    this.#keys = keys;
  }

  async set(leases: readonly RunLease[]): Promise<void> {
    await this.#inBuckets(['ZADD'], leases, scored);
  }

  async add(leases: readonly RunLease[]): Promise<void> {
    await this.#inBuckets(['ZADD', 'NX'], leases, scored);
  }

  async delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): Promise<void> {
    await this.#inBuckets(['ZREM'], leases, (lease) => [memberOf(lease)]);
  }

  async expired(now: number, limit: number): Promise<readonly RunLease[]> {
    const range = ['-inf', String(now), 'LIMIT', '0', String(limit)];
    const buckets = await Promise.all(
      Array.from({ length: BUCKETS }, (_, bucket) => {
        const key = this.#keys.leases(bucket);
        return this.#send(key, ['ZRANGEBYSCORE', key, ...range.slice(0, 2), 'WITHSCORES', ...range.slice(2)]);
      }),
    );
    return buckets
      .flatMap(readLeases)
      .sort((a, b) => a.expiresAt - b.expiresAt)
      .slice(0, limit);
  }

  async #inBuckets<Lease extends Pick<RunLease, 'stream' | 'runId'>>(
    [command, ...flags]: readonly [command: string, ...flags: string[]],
    leases: readonly Lease[],
    argsOf: (lease: Lease) => readonly string[],
  ): Promise<void> {
    const buckets = new Map<number, Lease[]>();
    for (const lease of leases) {
      const bucket = bucketOf(lease.stream);
      const others = buckets.get(bucket);
      if (others === undefined) buckets.set(bucket, [lease]);
      else others.push(lease);
    }
    const sent: Promise<unknown>[] = [];
    for (const [bucket, members] of buckets) {
      const key = this.#keys.leases(bucket);
      for (let from = 0; from < members.length; from += CHUNK) {
        sent.push(this.#send(key, [command, key, ...flags, ...members.slice(from, from + CHUNK).flatMap(argsOf)]));
      }
    }
    await Promise.all(sent);
  }
}

function scored(lease: RunLease): readonly string[] {
  return [String(lease.expiresAt), memberOf(lease)];
}

// No id holds white space other than the blank within a stream's name.
function memberOf({ stream, runId }: Pick<RunLease, 'stream' | 'runId'>): string {
  return `${stream}\n${runId}`;
}

/** Pairs of member and score, nested (protocol 3) or not (protocol 2). */
function readLeases(reply: unknown): readonly RunLease[] {
  const flat = (Array.isArray(reply) ? reply : []).flat() as readonly (string | number)[];
  const leases: RunLease[] = [];
  for (let index = 0; index + 1 < flat.length; index += 2) {
    const [stream, runId] = String(flat[index]).split('\n');
    // What `set` was given.
    leases.push({ stream: stream as StreamKey, runId: runId as RunId, expiresAt: Number(flat[index + 1]) });
  }
  return leases;
}

/** FNV-1a: spreads names evenly, and is the same everywhere. */
function bucketOf(stream: StreamKey): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < stream.length; index += 1) {
    hash = Math.imul(hash ^ stream.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0) % BUCKETS;
}
