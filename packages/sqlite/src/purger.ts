import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { GroupCommit } from './group-commit.ts';

/** Rows deleted in one transaction, so that appends wait for no more than that. */
const SLICE = 1_000;

interface PurgeableRow {
  readonly id: number;
  readonly purged: number;
  readonly trimmed: number;
}

/** Deletes the rows of events that were let go, a slice at a time, between and beside the appends. */
export class Purger {
  readonly #commits: GroupCommit;
  readonly #next: StatementSync;
  readonly #deleteEvents: StatementSync;
  readonly #purgedOf: StatementSync;
  readonly #advance: StatementSync;
  #state: 'idle' | 'running' | 'woken again' = 'idle';

  constructor(db: DatabaseSync, commits: GroupCommit) {
    this.#commits = commits;
    this.#next = db.prepare('SELECT id, purged, trimmed FROM streams WHERE purged < trimmed LIMIT 1');
    this.#deleteEvents = db.prepare('DELETE FROM events WHERE stream_id = ? AND offset > ? AND offset <= ?');
    this.#purgedOf = db.prepare('SELECT purged FROM streams WHERE id = ?');
    this.#advance = db.prepare('UPDATE streams SET purged = ? WHERE id = ?');
  }

  /** Goes on with what was left when the file was closed. */
  resume(): void {
    if (this.#peek() !== undefined) this.wake();
  }

  /** Starts deleting, or sees to it that what came meanwhile is deleted, too. */
  wake(): void {
    if (this.#state === 'idle') this.#slice();
    else this.#state = 'woken again';
  }

  #slice(): void {
    this.#state = 'running';
    this.#commits
      .submit(SLICE, () => this.#deleteSlice())
      .then(
        (isMore) => {
          if (isMore || this.#state === 'woken again') this.#slice();
          else this.#state = 'idle';
        },
        // A full disk, a closed log: what is left is deleted after the next trim or the next start.
        () => {
          this.#state = 'idle';
        },
      );
  }

  /** Deletes rows of one stream, at most `limit`; within a transaction. */
  deleteSome(streamId: number, trimmed: number, limit: number): void {
    const purged = this.#purgedOf.get(streamId)?.['purged'];
    if (typeof purged === 'number') this.#delete({ id: streamId, purged, trimmed }, limit);
  }

  /** Deletes up to a slice of rows, of as many streams as that takes, and tells whether there is more. */
  #deleteSlice(): boolean {
    let budget = SLICE;
    let row = this.#peek();
    for (; row !== undefined && budget > 0; row = this.#peek()) {
      budget -= this.#delete(row, budget);
    }
    return row !== undefined;
  }

  #delete({ id, purged, trimmed }: PurgeableRow, limit: number): number {
    const upTo = Math.min(trimmed, purged + limit);
    this.#deleteEvents.run(id, purged, upTo);
    this.#advance.run(upTo, id);
    return upTo - purged;
  }

  #peek(): PurgeableRow | undefined {
    return this.#next.get() as unknown as PurgeableRow | undefined;
  }
}
