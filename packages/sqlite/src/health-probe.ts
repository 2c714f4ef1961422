import type { DatabaseFile } from './database-file.ts';
import { inTransaction } from './transaction.ts';

/** More than a page: it has to find room. */
const MIN_PROBE_BYTES = 16_384;
/** Room that a probe asks for beyond what an append needed: what came in the meantime is written with it. */
const MAX_SPARE_BYTES = 1_048_576;
/** What is left of the room asked for after a probe that failed: a megabyte is down to the least within twenty seconds of probes. */
const PATIENCE = 15 / 16;

/** Tries whether the file can be written to now. */
export class HealthProbe {
  readonly #file: DatabaseFile;
  /** Bytes of the largest append that found no room since the last probe that did. */
  #missingBytes = 0;

  constructor(file: DatabaseFile) {
    this.#file = file;
  }

  /** An append of so many bytes found no room. One that is larger than the file may ever be says nothing about the others. */
  foundNoRoom(bytes: number): void {
    if (bytes < this.#mostBytes()) this.#missingBytes = Math.max(this.#missingBytes, bytes);
  }

  /**
   * Takes the write lock and gives it back, which costs no I/O. After a write failed it writes for real, and as much as an append that
   * found no room: only that tells whether a full disk has room again.
   *
   * @param isFailing - whether the last write failed
   */
  check(isFailing: boolean): boolean {
    const { db } = this.#file;
    try {
      this.#file.assertInPlace();
      if (isFailing || this.#missingBytes > 0) {
        const bytes = this.#missingBytes + Math.min(this.#missingBytes, MAX_SPARE_BYTES);
        // Two digits for each byte of it.
        const half = Math.ceil(Math.max(bytes, MIN_PROBE_BYTES) / 2);
        db.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', hex(zeroblob(${half})))`);
        db.exec("DELETE FROM meta WHERE name = 'probe'");
        this.#missingBytes = 0;
      } else {
        inTransaction(db, () => db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get());
      }
      return true;
    } catch {
      // Not all the room that was missing may ever come back, and smaller appends find theirs.
      this.#missingBytes = Math.floor(this.#missingBytes * PATIENCE);
      return false;
    }
  }

  #mostBytes(): number {
    const { db } = this.#file;
    const pages = db.prepare('PRAGMA max_page_count').get()?.['max_page_count'];
    const bytes = db.prepare('PRAGMA page_size').get()?.['page_size'];
    return Number(pages) * Number(bytes);
  }
}
