import { type Clock, type IdSource, newEpochName, systemClock, systemIds } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import type { AnyRedisClient, RedisClientLike } from './redis-client.ts';
import { checkUrl, readRedisParameters } from './redis-url.ts';

/** What a new process of the server means for a stream; see {@link RedisLogOptions.onRestart}. */
export type OnRestart = 'auto' | 'keep' | 'renew';

/** Where a Redis log lives and how it talks to it. */
export interface RedisLogOptions {
  /**
   * The server, as `redis://` or `rediss://` (TLS), or any one server of a Redis Cluster: the log finds out which of the two it
   * is. It makes its own connections then, connects again for ever, and closes them. `key_prefix`, `command_timeout_ms`,
   * `check_interval_ms`, `on_restart` and `stream_ttl_ms` may follow behind a question mark; an option beside the URL counts more. Give
   * this or `client`.
   */
  readonly url?: string;
  /**
   * A client of the package `redis` (version 6): a connected one of `createClient` or `createCluster`, made with
   * `disableOfflineQueue: true`, or one of `createSentinel`, which the log duplicates. It stays yours to close. Give this or `url`.
   */
  readonly client?: AnyRedisClient;
  /**
   * A second connected client, for messages, beside a `client` of one server. It stays yours to close.
   *
   * @default a duplicate of `client` that the log makes and closes
   */
  readonly subscriber?: RedisClientLike;
  /** What every key and channel begins with. Logs with different ones share a Redis without knowing of each other. @default 'ws:' */
  readonly keyPrefix?: string;
  /** How long an operation waits for its answer before it throws `LOG_UNAVAILABLE`, in milliseconds. @default 3_000 */
  readonly commandTimeoutMs?: number;
  /**
   * How often a stream with listeners and no news is compared with the server, in milliseconds: the longest that an event is late
   * whose message was lost. And how often this process says that it is alive: its connections count no longer when it has not for
   * four times as long.
   *
   * @default 5_000
   */
  readonly checkIntervalMs?: number;
  /**
   * Whether a stream's epoch stays when the server process behind it is another one than before.
   *
   * `auto`: it stays if the server syncs its append-only file before it answers (`appendfsync always`) and never had a replica; else
   * another server may have been the master meanwhile, or events may be missing from the end of the stream, and clients are told
   * `reset`. In a cluster it stays where the hash slot of the stream moved to another server. `keep`: it stays unless events are
   * known to be missing. `renew`: it never does.
   *
   * @default 'auto'
   */
  readonly onRestart?: OnRestart;
  /**
   * Begins a new epoch of every stream, so that clients are told `reset`: for a Redis that was restored from a backup, where the
   * offsets handed out after the backup was made will be given to other events, and nothing in it tells. A text begins one once, in
   * whichever process and however often it is opened; take another text for the next restore. `true` begins one each time.
   *
   * @default none
   */
  readonly newEpoch?: string | boolean;
  /**
   * Streams that nothing was appended to for so long are deleted, in milliseconds. Has to be longer than the retention of the hub.
   * Without it, each user who was ever seen takes up memory of the server for ever.
   *
   * @default Infinity
   */
  readonly streamTtlMs?: number;
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'after' | 'monotonic'>;
  /** @default random ids */
  readonly ids?: IdSource;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly source: Source;
  readonly keyPrefix: string;
  readonly commandTimeoutMs: number;
  readonly checkIntervalMs: number;
  readonly onRestart: OnRestart;
  /** The name of the new epoch that is asked for. */
  readonly newEpoch: string | undefined;
  readonly streamTtlMs: number;
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  readonly ids: IdSource;
}

/** Where the connections come from. */
type Source =
  | { readonly kind: 'url'; readonly url: URL }
  | { readonly kind: 'clients'; readonly client: AnyRedisClient; readonly subscriber: RedisClientLike | undefined };

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Fills in the defaults. Throws `INVALID_OPTION` for a value that makes no sense. */
export function resolveOptions(options: RedisLogOptions): ResolvedOptions {
  const source = sourceOf(options);
  const inUrl = options.url === undefined ? {} : readRedisParameters(options.url);
  const {
    keyPrefix = inUrl.keyPrefix ?? 'ws:',
    commandTimeoutMs = inUrl.commandTimeoutMs,
    checkIntervalMs = inUrl.checkIntervalMs,
    onRestart = inUrl.onRestart ?? 'auto',
    streamTtlMs = inUrl.streamTtlMs ?? Infinity,
    clock = systemClock,
    ids = systemIds,
  } = options;
  if (/[{}]/.test(keyPrefix)) {
    throw new WebSocketError('INVALID_OPTION', `keyPrefix must hold no braces, got '${keyPrefix}'`);
  }
  if (!['auto', 'keep', 'renew'].includes(onRestart)) {
    throw new WebSocketError(
      'INVALID_OPTION',
      `onRestart must be 'auto', 'keep' or 'renew', got '${String(onRestart)}'`,
    );
  }
  if (!(streamTtlMs > 0)) {
    throw new WebSocketError('INVALID_OPTION', `streamTtlMs must be above 0, got ${streamTtlMs}`);
  }
  return {
    source,
    keyPrefix,
    commandTimeoutMs: milliseconds('commandTimeoutMs', commandTimeoutMs, 3_000),
    checkIntervalMs: milliseconds('checkIntervalMs', checkIntervalMs, 5_000),
    onRestart,
    newEpoch: newEpochName(options.newEpoch, ids),
    streamTtlMs,
    clock,
    ids,
  };
}

function sourceOf({ url, client, subscriber }: RedisLogOptions): Source {
  if (url !== undefined && client === undefined) return { kind: 'url', url: checkUrl(url) };
  if (client !== undefined && url === undefined) return { kind: 'clients', client, subscriber };
  throw new WebSocketError('INVALID_OPTION', 'give either url or client of the Redis log');
}

function milliseconds(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (value > 0 && value <= MAX_TIMER_MS) return value;
  throw new WebSocketError('INVALID_OPTION', `${name} must be above 0 and at most ${MAX_TIMER_MS}, got ${value}`);
}
