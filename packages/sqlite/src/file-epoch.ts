import type { DatabaseSync } from 'node:sqlite';
import type { IdSource } from '@ws/core/log';
import { WebSocketError, type Epoch } from '@ws/types';
import type { FileMark } from './file-mark.ts';
import type { Synchronous } from './options.ts';
import { readNumber } from './read-number.ts';
import { inTransaction } from './transaction.ts';

export interface FileEpochOptions {
  readonly ids: IdSource;
  readonly synchronous: Synchronous;
  /** The name of the new epoch that the operator asks for. */
  readonly newEpoch: string | undefined;
  readonly mark: FileMark;
  /** Id of this boot of the machine, if it has one. */
  readonly boot: string | undefined;
}

/**
 * The epoch of a file: one for all of its streams, also for those not written yet.
 *
 * It is renewed when acknowledged events may be gone:
 * - a handle that acknowledges before fsync notes the boot of the machine for as long as it is open, and a note of an earlier boot
 *   means that the machine went down under it;
 * - the mark beside the file tells of events that the file does not have, or is of another epoch: an older copy was put in its place;
 * - the operator asks for it, by a name that the file has not seen yet.
 */
export class FileEpoch {
  readonly epoch: Epoch;
  readonly #db: DatabaseSync;
  readonly #session: string | undefined;

  constructor(db: DatabaseSync, { ids, synchronous, newEpoch, boot, mark }: FileEpochOptions) {
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
      const known: Epoch | undefined = metaOf(db, 'epoch');
      const lost = db.prepare('DELETE FROM unsynced_sessions WHERE boot <> ?').run(boot ?? '').changes > 0;
      if (this.#session !== undefined) {
        db.prepare('INSERT INTO unsynced_sessions (id, boot) VALUES (?, ?)').run(this.#session, boot ?? '');
      }
      const isAsked = newEpoch !== undefined && newEpoch !== metaOf(db, 'new_epoch');
      if (isAsked) setMeta(db, 'new_epoch', newEpoch);
      const newest = readNumber(db, 'SELECT newest FROM arrivals');
      const isMarked = metaOf(db, 'marked') !== undefined;
      const isOlder = known !== undefined && mark.tellsOfOlder({ epoch: known, newest }, isMarked);
      const epoch = known === undefined || lost || isAsked || isOlder ? renewEpoch(db, ids) : known;
      // Before another process opens the file. If this is undone, the mark is of an epoch that never was, and another one begins.
      mark.begin({ epoch, newest });
      if (mark.isKept && !isMarked) setMeta(db, 'marked', '1');
      return epoch;
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

function metaOf(db: DatabaseSync, name: string): string | undefined {
  const value = db.prepare('SELECT value FROM meta WHERE name = ?').get(name)?.['value'];
  return typeof value === 'string' ? value : undefined;
}

function setMeta(db: DatabaseSync, name: string, value: string): void {
  db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(name, value);
}

function renewEpoch(db: DatabaseSync, ids: IdSource): Epoch {
  const epoch = ids.next();
  setMeta(db, 'epoch', epoch);
  return epoch;
}
