import { closeSync, fsyncSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { WebSocketError } from '@ws/types';
import { migrate } from './migrate.ts';
import type { ResolvedOptions } from './options.ts';
import { MIGRATIONS } from './schema.ts';
import { whileLocked } from './while-locked.ts';

const CACHE_KIB = 32 * 1024;
const CHECKPOINT_PAGES = 16_000;
// The write-ahead log is cut back to this after a burst made it longer.
const WAL_BYTES_KEPT = 64 * 1024 * 1024;
const PAGE_BYTES = 4_096;
const MAX_PAGE_COUNT = 0xffff_fffe;

/** The open database file: created if need be, known to be a log of this project, and at this version's schema. */
export class DatabaseFile {
  readonly path: string;
  readonly db: DatabaseSync;
  readonly #identity: string | undefined;

  constructor(options: ResolvedOptions) {
    this.path = options.path;
    const { DatabaseSync } = nodeSqlite();
    mkdirSync(dirname(this.path), { recursive: true });
    this.db = new DatabaseSync(this.path);
    try {
      this.#configure(options);
      syncFolder(dirname(this.path));
      this.#identity = identityOf(this.path);
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  /**
   * Throws `LOG_UNAVAILABLE` if the file was moved or deleted: SQLite would go on writing to what has no name any more, and
   * everything accepted would be gone after a restart.
   */
  assertInPlace(): void {
    if (identityOf(this.path) === this.#identity) return;
    throw new WebSocketError(
      'LOG_UNAVAILABLE',
      `the event log ${this.path} was moved, deleted or replaced while open: put it back or restart`,
    );
  }

  /** Bytes of the write-ahead log: what is not in the file yet, and up to {@link WAL_BYTES_KEPT} that are kept to be written again. */
  get writeAheadBytes(): number {
    return statSync(`${this.path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Moves everything from the write-ahead log into the file, then closes it. */
  close(): void {
    try {
      this.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // A full disk, or another process that reads: the write-ahead log stays and is moved later. Nothing is lost.
    }
    this.db.close();
  }

  #configure({ synchronous, busyTimeoutMs, maxFileBytes }: ResolvedOptions): void {
    this.db.exec(`PRAGMA busy_timeout = ${Math.floor(busyTimeoutMs)}`);
    // Before anything is written: the file may be someone else's.
    whileLocked(this.db, busyTimeoutMs, () => migrate(this.db, this.path, MIGRATIONS));
    this.db.exec(`
      PRAGMA synchronous = ${synchronous};
      PRAGMA fullfsync = ${synchronous === 'full' ? 1 : 0};
      PRAGMA cache_size = -${CACHE_KIB};
      PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
      PRAGMA journal_size_limit = ${WAL_BYTES_KEPT};
      PRAGMA max_page_count = ${Math.min(MAX_PAGE_COUNT, Math.ceil(maxFileBytes / PAGE_BYTES))};
    `);
  }
}

/** SQLite, as Node brings it. Asked for when it is needed: an import of what is not there ends the program before it can say why. */
function nodeSqlite() {
  const module = process.getBuiltinModule?.('node:sqlite');
  if (module !== undefined) return module;
  const message = `@ws/sqlite needs node:sqlite, which Node 22.13 and later have: this is Node ${process.versions.node}`;
  throw new WebSocketError('UNSUPPORTED_NODE', message);
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? undefined : `${stat.dev}:${stat.ino}`;
}

/** Makes the name of a new file survive a power cut, where the system can do that. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
