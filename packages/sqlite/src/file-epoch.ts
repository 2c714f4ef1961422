import type { DatabaseSync } from 'node:sqlite';
import type { IdSource } from '@ws/core';
import { WebSocketError, type Epoch } from '@ws/types';
import type { Synchronous } from './options.ts';
import { inTransaction } from './transaction.ts';

export interface FileEpochOptions {
  readonly ids: IdSource;
  readonly synchronous: Synchronous;
  /** Whether to renew the epoch whatever is known. */
  readonly newEpoch: boolean;
  /** Id of this boot of the machine, if it has one. */
  readonly boot: string | undefined;
}

/**
 * The epoch of a file: one for all of its streams, also for those not written yet.
 *
 * It is renewed when acknowledged events may be gone: a handle that acknowledges before fsync notes the boot of the machine for
 * as long as it is open, and a note of an earlier boot means that the machine went down under it.
 */
export class FileEpoch {
  readonly epoch: Epoch;
  readonly #db: DatabaseSync;
  readonly #session: string | undefined;

  constructor(db: DatabaseSync, { ids, synchronous, newEpoch, boot }: FileEpochOptions) {
    this.#db = db;
    this.#session = synchronous === 'normal' ? ids.next() : undefined;
    if (this.#session !== undefined && boot === undefined) {
      throw new WebSocketError(
        'INVALID_OPTION',
        "synchronous 'normal' needs a system that tells one boot from another (Linux, macOS), or a power cut could go " +
          "unnoticed: use 'full'",
      );
    }
    // The note has to be on disk before anything is acknowledged that is not.
    db.exec('PRAGMA synchronous = full');
    this.epoch = inTransaction(db, () => {
      const known = storedEpoch(db);
      const lost = db.prepare('DELETE FROM unsynced_sessions WHERE boot <> ?').run(boot ?? '').changes > 0;
      if (this.#session !== undefined) {
        db.prepare('INSERT INTO unsynced_sessions (id, boot) VALUES (?, ?)').run(this.#session, boot ?? '');
      }
      return known === undefined || lost || newEpoch ? renewEpoch(db, ids) : known;
    });
    db.exec(`PRAGMA synchronous = ${synchronous}`);
  }

  /** Puts on disk what was acknowledged, and takes the note away. To be called at an orderly end. */
  close(): void {
    if (this.#session === undefined) return;
    try {
      // The sync of this commit covers every commit before it.
      this.#db.exec('PRAGMA synchronous = full');
      this.#db.prepare('DELETE FROM unsynced_sessions WHERE id = ?').run(this.#session);
    } catch {
      // A full disk: the note stays, and errs on the safe side.
    }
  }
}

function storedEpoch(db: DatabaseSync): Epoch | undefined {
  const value = db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get()?.['value'];
  return typeof value === 'string' ? value : undefined;
}

function renewEpoch(db: DatabaseSync, ids: IdSource): Epoch {
  const epoch = ids.next();
  db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('epoch', ?)").run(epoch);
  return epoch;
}
