import type { NatsConnection } from '@nats-io/transport-node';
import { type Clock, type IdSource, newEpochName, readUrlParameters, systemClock, systemIds } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import { readAddress, type NatsAddress } from './nats-url.ts';

/** What a new process of the server means for epochs; see {@link NatsLogOptions.onRestart}. */
export type OnRestart = 'auto' | 'keep';

/** Where a NATS log lives and how it talks to it. */
export interface NatsLogOptions {
  /**
   * The server, as `nats://` or `tls://`, or some of a cluster's, separated by commas; it learns of the others. The log makes its
   * own connection then, connects again for ever, and closes it. `prefix`, `replicas`, `domain`, `command_timeout_ms`,
   * `check_interval_ms`, `on_restart` and `max_indexed_events` may follow behind a question mark; an option beside the URL counts
   * more. Give this or `connection`.
   */
  readonly url?: string;
  /**
   * A connection made by `connect` of `@nats-io/transport-node` (version 3), for credentials that a URL has no room for. It stays
   * yours to close. Make it with `maxReconnectAttempts: -1`. Give this or `url`.
   */
  readonly connection?: NatsConnection;
  /**
   * What every subject begins with, and in capital letters the names of the JetStream streams. Logs with different ones share
   * an account without knowing of each other.
   *
   * @default 'ws'
   */
  readonly prefix?: string;
  /** Servers that hold each event, 1, 3 or 5. Taken when the JetStream streams are made. @default 1 */
  readonly replicas?: number;
  /** JetStream domain, for a leaf node. */
  readonly domain?: string;
  /** How long an operation waits for its answer before it throws `LOG_UNAVAILABLE`, in milliseconds. @default 3_000 */
  readonly commandTimeoutMs?: number;
  /**
   * How often a stream with listeners and no news is compared with the server, in milliseconds: the longest that an event is late
   * whose message was lost.
   *
   * @default 10_000
   */
  readonly checkIntervalMs?: number;
  /**
   * Whether epochs stay when the server process behind a log with one replica is another one than before: JetStream acknowledges
   * before it syncs, so after a crash of its machine events may be missing, and nobody can tell.
   *
   * `auto`: they stay with several replicas; with one, clients are told `reset`. `keep`: they stay unless something is known to be
   * missing; for a server that syncs before it answers (`sync_interval: always`), or whose power never fails.
   *
   * @default 'auto'
   */
  readonly onRestart?: OnRestart;
  /**
   * Begins a new epoch, so that clients get `reset`: for streams that were restored from a backup, where offsets that were handed
   * out after it was made will be given to other events, and nothing in them tells. A text begins one once, in whichever process and
   * however often the log is opened; take another text for the next restore. `true` begins one each time.
   *
   * @default none
   */
  readonly newEpoch?: string | boolean;
  /** Events whose ids are held in memory for finding duplicates, over all streams; about 200 bytes each. @default 500_000 */
  readonly maxIndexedEvents?: number;
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'after' | 'monotonic' | 'now'>;
  /** @default random ids */
  readonly ids?: IdSource;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly source: Source;
  readonly prefix: string;
  readonly replicas: number;
  readonly domain: string | undefined;
  readonly commandTimeoutMs: number;
  readonly checkIntervalMs: number;
  readonly onRestart: OnRestart;
  /** The name of the new epoch that is asked for. */
  readonly newEpoch: string | undefined;
  readonly maxIndexedEvents: number;
  readonly clock: Pick<Clock, 'after' | 'monotonic' | 'now'>;
  readonly ids: IdSource;
}

/** Where the connection comes from. */
type Source =
  | { readonly kind: 'url'; readonly address: NatsAddress }
  | { readonly kind: 'connection'; readonly connection: NatsConnection };

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Fills in the defaults. Throws `INVALID_OPTION` for a value that makes no sense. */
export function resolveOptions(options: NatsLogOptions): ResolvedOptions {
  const source = sourceOf(options);
  const inUrl = source.kind === 'url' ? readParameters(source.address.query) : {};
  const {
    prefix = inUrl.prefix ?? 'ws',
    replicas = inUrl.replicas ?? 1,
    domain = inUrl.domain,
    commandTimeoutMs = inUrl.command_timeout_ms,
    checkIntervalMs = inUrl.check_interval_ms,
    onRestart = inUrl.on_restart ?? 'auto',
    maxIndexedEvents = inUrl.max_indexed_events ?? 500_000,
    clock = systemClock,
    ids = systemIds,
  } = options;
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(prefix)) {
    throw invalid(`prefix must be 1 to 32 small letters, digits and underscores, a letter first, got '${prefix}'`);
  }
  if (![1, 3, 5].includes(replicas)) throw invalid(`replicas must be 1, 3 or 5, got ${replicas}`);
  if (domain !== undefined && !/^[\w-]+$/.test(domain)) throw invalid(`domain is no name of one: '${domain}'`);
  if (onRestart !== 'auto' && onRestart !== 'keep') {
    throw invalid(`onRestart must be 'auto' or 'keep', got '${String(onRestart)}'`);
  }
  if (!(maxIndexedEvents >= 0)) throw invalid(`maxIndexedEvents must be at least 0, got ${maxIndexedEvents}`);
  return {
    source,
    prefix,
    replicas,
    domain,
    commandTimeoutMs: milliseconds('commandTimeoutMs', commandTimeoutMs, 3_000),
    checkIntervalMs: milliseconds('checkIntervalMs', checkIntervalMs, 10_000),
    onRestart,
    newEpoch: newEpochName(options.newEpoch, ids),
    maxIndexedEvents,
    clock,
    ids,
  };
}

function readParameters(query: string) {
  return readUrlParameters('NATS', query, {
    prefix: 'text',
    replicas: [1, 3, 5],
    domain: 'text',
    command_timeout_ms: { min: 1, max: MAX_TIMER_MS },
    check_interval_ms: { min: 1, max: MAX_TIMER_MS },
    on_restart: ['auto', 'keep'],
    max_indexed_events: { min: 0 },
  });
}

function sourceOf({ url, connection }: NatsLogOptions): Source {
  if (url !== undefined && connection === undefined) return { kind: 'url', address: readAddress(url) };
  if (connection !== undefined && url === undefined) return { kind: 'connection', connection };
  throw invalid('give either url or connection of the NATS log');
}

function milliseconds(name: string, value: number | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (value > 0 && value <= MAX_TIMER_MS) return value;
  throw invalid(`${name} must be above 0 and at most ${MAX_TIMER_MS}, got ${value}`);
}

function invalid(message: string): WebSocketError {
  return new WebSocketError('INVALID_OPTION', message);
}
