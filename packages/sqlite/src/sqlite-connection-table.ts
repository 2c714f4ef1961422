import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, ConnectionTable, ReplacedListener, StreamKey, TableConnection, Timer } from '@ws/core/log';
import type { ConnectionId } from '@ws/types';
import type { FileAccess } from './file-access.ts';

type Named = Pick<TableConnection, 'stream' | 'id'>;

interface Entry {
  readonly connection: TableConnection;
  readonly limit: number;
}

export interface SqliteConnectionTableOptions {
  readonly db: DatabaseSync;
  readonly access: FileAccess;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** What no other process is called. */
  readonly node: string;
}

/** How often a process says that it lives, and how many of these may be missed before it counts as dead. */
const BEAT_MS = 5_000;
const BEATS_OF_LIFE = 4;
const LIFE_MS = BEATS_OF_LIFE * BEAT_MS;
/** How long what connections open and close is gathered, to be written in one go: processes wait for each other's commits. */
const GATHER_MS = 50;

/**
 * A sign of life is good until a moment on the wall clock, and from no farther off than a life: a clock that is set back must not keep a
 * dead process alive. The living give another within seconds.
 */
const LIVES = 'alive_until > ? AND alive_until <= ?';

/**
 * The connections of each stream in all processes on the file: a row each. Whoever opens one too many marks the oldest, and the
 * process that has it sees the mark when it looks for news. Rows of processes that gave no sign of life do not count.
 */
export class SqliteConnectionTable implements ConnectionTable {
  readonly #options: SqliteConnectionTableOptions;
  readonly #listeners = new Set<ReplacedListener>();
  /** The open connections of this process. */
  readonly #entries = new Map<ConnectionId, Entry>();
  readonly #beatNode: StatementSync;
  readonly #nodeLives: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteDead: StatementSync;
  readonly #markOldest: StatementSync;
  readonly #marked: StatementSync;
  readonly #leaveAll: readonly StatementSync[];
  /** Connections that were closed, and could not be deleted. */
  readonly #undeleted = new Map<ConnectionId, Named>();
  /** Connections that were opened, and are told with the next write. */
  #untold: Entry[] = [];
  #gathering: Timer | undefined;
  /** Whether the file has all entries, and others take this process for alive. */
  #isTold = false;
  #timer: Timer | undefined;

  constructor(options: SqliteConnectionTableOptions) {
    this.#options = options;
    const { db } = options;
    this.#beatNode = db.prepare('INSERT OR REPLACE INTO nodes (node, alive_until) VALUES (?, ?)');
    this.#nodeLives = db.prepare(`SELECT 1 AS lives FROM nodes WHERE node = ? AND ${LIVES}`);
    this.#insert = db.prepare('INSERT OR IGNORE INTO connections (stream, connected_at, id, node) VALUES (?, ?, ?, ?)');
    this.#delete = db.prepare('DELETE FROM connections WHERE stream = ? AND id = ?');
    this.#deleteDead = db.prepare(
      `DELETE FROM connections WHERE stream = ? AND node NOT IN (SELECT node FROM nodes WHERE ${LIVES})`,
    );
    this.#markOldest = db.prepare(`
      UPDATE connections SET replaced = 1 WHERE (stream, connected_at, id) IN (
        SELECT stream, connected_at, id FROM connections WHERE stream = ?
        ORDER BY connected_at DESC, id DESC LIMIT -1 OFFSET ?)`);
    this.#marked = db.prepare('SELECT stream, id FROM connections WHERE node = ? AND replaced = 1');
    this.#leaveAll = ['DELETE FROM connections WHERE node = ?', 'DELETE FROM nodes WHERE node = ?'].map((sql) =>
      db.prepare(sql),
    );
  }

  enter(connection: TableConnection, limit: number): void {
    this.#entries.set(connection.id, { connection, limit });
    // The first one, and those after a failure, are told with a sign of life.
    if (this.#isTold) {
      this.#untold.push({ connection, limit });
      this.#tellSoon();
    } else if (this.#timer === undefined) this.#beat();
  }

  leave(connection: Named): void {
    if (!this.#entries.delete(connection.id)) return;
    this.#undeleted.set(connection.id, connection);
    this.#tellSoon();
  }

  onReplaced(listener: ReplacedListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Another process has written to the file. */
  look(): void {
    if (this.#entries.size === 0) return;
    for (const { stream, id } of this.#readMarked()) {
      // What was written here.
      this.#replaced({ stream: stream as StreamKey, id: id as ConnectionId });
    }
  }

  /** Takes leave, so that others need not wait until the last sign of life has lapsed. */
  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#gathering?.cancel();
    this.#gathering = undefined;
    if (this.#entries.size === 0 && !this.#isTold) return;
    this.#options.access
      .write(1, () => this.#leaveAll.forEach((statement) => statement.run(this.#options.node)))
      // It lapses by itself.
      .catch(() => undefined);
  }

  #beat(): void {
    this.#timer = undefined;
    if (this.#entries.size === 0 && this.#undeleted.size === 0) {
      // The next connection begins again.
      this.#isTold = false;
      return;
    }
    this.#timer = this.#options.clock.after(BEAT_MS, () => this.#beat());
    this.#tell(this.#isTold ? this.#takeUntold() : [...this.#entries.values()], true);
  }

  #tellSoon(): void {
    this.#gathering ??= this.#options.clock.after(GATHER_MS, () => {
      this.#gathering = undefined;
      this.#tell(this.#takeUntold());
    });
  }

  #takeUntold(): readonly Entry[] {
    const untold = this.#untold;
    this.#untold = [];
    return untold;
  }

  /** Writes entries, what was closed, and a sign of life. Nobody waits for it; what fails is told with the next sign of life. */
  #tell(entries: readonly Entry[], isBeat = false): void {
    const { access, clock, node } = this.#options;
    const closed = [...this.#undeleted.values()];
    const isFirst = !this.#isTold;
    if (isBeat) this.#isTold = true;
    access
      .write(entries.length + closed.length + 1, () => {
        const now = clock.now();
        const wasGone = this.#nodeLives.get(node, now, now + LIFE_MS) === undefined;
        if (isBeat || wasGone) this.#beatNode.run(node, now + LIFE_MS);
        for (const { stream, id } of closed) this.#delete.run(stream, id);
        // Others may have taken this process for dead, and deleted what it had.
        const told = wasGone && !isFirst ? [...this.#entries.values()] : entries;
        for (const { connection, limit } of told) this.#enter(connection, limit, now);
      })
      .then(
        () => {
          for (const { id } of closed) this.#undeleted.delete(id);
          this.look();
        },
        () => {
          this.#isTold = false;
        },
      );
  }

  #enter({ stream, id, connectedAt }: TableConnection, limit: number, now: number): void {
    if (!this.#entries.has(id)) return;
    this.#insert.run(stream, connectedAt, id, this.#options.node);
    this.#deleteDead.run(stream, now, now + LIFE_MS);
    this.#markOldest.run(stream, limit);
  }

  #readMarked(): readonly Record<string, unknown>[] {
    try {
      return this.#options.access.read(() => this.#marked.all(this.#options.node));
    } catch {
      // Locked, out of reach or closed: the next look finds them.
      return [];
    }
  }

  #replaced(connection: Named): void {
    for (const listener of this.#listeners) listener(connection);
  }
}
