import { type Clock, type IdSource, newEpochName, systemClock, systemIds } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import { resolve } from 'node:path';
import { readSqliteUrl, type SqliteUrlOptions } from './sqlite-url.ts';

/** How much of the disk's promise an append waits for; see {@link SqliteLogOptions.synchronous}. */
export type Synchronous = 'full' | 'normal';

/** Where a SQLite log lives and how it writes. */
export interface SqliteLogOptions {
  /** Path of the database file; its folder is created. Give this or `url`. */
  readonly path?: string;
  /**
   * The same as `sqlite:./data/events.db` or `file:///var/lib/ws/events.db`. `synchronous`, `max_file_bytes`, `busy_timeout_ms` and
   * `look_interval_ms` may follow behind a question mark; an option beside the URL counts more. A `?` or `%` in the name of the file
   * is written `%3F` or `%25` here, and as it is in `path`. Give this or `path`.
   */
  readonly url?: string;
  /**
   * `full`: an append returns after fsync, so it survives a power cut. `normal`: an append returns before fsync, so it survives
   * a killed process, and a power cut may take the last ones; the next open then starts a new epoch.
   *
   * @default 'full'
   */
  readonly synchronous?: Synchronous;
  /**
   * Largest size of the database file in bytes; beyond it appends throw `LOG_FULL`. The write-ahead log beside it is not counted.
   *
   * @default Infinity
   */
  readonly maxFileBytes?: number;
  /**
   * How long a write waits for another process that is writing, in milliseconds. This process does nothing else meanwhile.
   *
   * @default 1_000
   */
  readonly busyTimeoutMs?: number;
  /**
   * Begins a new epoch, so that clients get `reset`: for a volume that was set back to an older snapshot, where offsets that were
   * handed out since will be given to other events. An older copy of the file alone is noticed without it. A text begins one once, in
   * whichever process and however often the file is opened; take another text for the next restore. `true` begins one each time.
   *
   * @default none
   */
  readonly newEpoch?: string | boolean;
  /**
   * How often a handle with listeners looks for what other handles and processes appended, in milliseconds: the most that their
   * events are late. 0: never; for a file that one process uses.
   *
   * @default 20
   */
  readonly lookIntervalMs?: number;
  /**
   * Keeps in the file what processes on it share besides events: tickets, and the count of a user's connections. What opens and closes
   * within 50 ms is one write. `false`: this process keeps both for itself, so that another one on the file accepts none of its tickets
   * and counts a user's connections by itself.
   *
   * @default true
   */
  readonly severalProcesses?: boolean;
  /** @default the machine's clock */
  readonly clock?: Pick<Clock, 'soon' | 'after' | 'now'>;
  /** @default random ids */
  readonly ids?: IdSource;
}

/** The options with every default filled in. */
export interface ResolvedOptions {
  readonly path: string;
  readonly synchronous: Synchronous;
  readonly maxFileBytes: number;
  readonly busyTimeoutMs: number;
  /** The name of the new epoch that is asked for. */
  readonly newEpoch: string | undefined;
  readonly lookIntervalMs: number;
  readonly severalProcesses: boolean;
  readonly clock: Pick<Clock, 'soon' | 'after' | 'now'>;
  readonly ids: IdSource;
}

const DEFAULT_BUSY_TIMEOUT_MS = 1_000;
const DEFAULT_LOOK_INTERVAL_MS = 20;

/** Fills in the defaults. Throws `INVALID_OPTION` for a value that makes no sense. */
export function resolveOptions(options: SqliteLogOptions): ResolvedOptions {
  const place = placeOf(options);
  const {
    synchronous = place.synchronous ?? 'full',
    maxFileBytes = place.maxFileBytes ?? Infinity,
    busyTimeoutMs = place.busyTimeoutMs ?? DEFAULT_BUSY_TIMEOUT_MS,
    lookIntervalMs = place.lookIntervalMs ?? DEFAULT_LOOK_INTERVAL_MS,
    severalProcesses = true,
    clock = systemClock,
    ids = systemIds,
  } = options;
  if (synchronous !== 'full' && synchronous !== 'normal') {
    throw new WebSocketError('INVALID_OPTION', `synchronous must be 'full' or 'normal', got '${String(synchronous)}'`);
  }
  if (!(maxFileBytes > 0)) {
    throw new WebSocketError('INVALID_OPTION', `maxFileBytes must be above 0, got ${maxFileBytes}`);
  }
  if (!(busyTimeoutMs >= 0 && busyTimeoutMs <= 600_000)) {
    throw new WebSocketError('INVALID_OPTION', `busyTimeoutMs must be 0 to 600000, got ${busyTimeoutMs}`);
  }
  if (!(lookIntervalMs >= 0 && lookIntervalMs <= 600_000)) {
    throw new WebSocketError('INVALID_OPTION', `lookIntervalMs must be 0 to 600000, got ${lookIntervalMs}`);
  }
  return {
    path: resolve(place.path),
    synchronous,
    maxFileBytes,
    busyTimeoutMs,
    newEpoch: newEpochName(options.newEpoch, ids),
    lookIntervalMs,
    severalProcesses,
    clock,
    ids,
  };
}

/** The file, and the options in its URL. */
function placeOf({ path, url }: SqliteLogOptions): SqliteUrlOptions {
  if ((path === undefined) === (url === undefined)) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'give either path or url of the SQLite log, for example ./data/events.db',
    );
  }
  const place = path === undefined ? readSqliteUrl(url ?? '') : { path };
  if (place.path === '' || place.path.includes(':memory:')) {
    throw new WebSocketError('INVALID_OPTION', `'${place.path}' is no file: use MemoryEventLog for a log without one`);
  }
  return place;
}
