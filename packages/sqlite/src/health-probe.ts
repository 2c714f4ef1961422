import type { DatabaseFile } from './database-file.ts';
import { inTransaction } from './transaction.ts';

// More than a page: it has to find room.
const PROBE_BYTES = 8_192;

/** Tries whether the file can be written to now. */
export class HealthProbe {
  readonly #file: DatabaseFile;

  constructor(file: DatabaseFile) {
    this.#file = file;
  }

  /**
   * Takes the write lock and gives it back, which costs no I/O. With `thorough`, after a write failed, writes for real: only
   * that tells whether a full disk has room again.
   */
  check(thorough: boolean): boolean {
    const { db } = this.#file;
    try {
      this.#file.assertInPlace();
      if (thorough) {
        db.exec(`INSERT OR REPLACE INTO meta (name, value) VALUES ('probe', hex(zeroblob(${PROBE_BYTES})))`);
        db.exec("DELETE FROM meta WHERE name = 'probe'");
      } else {
        inTransaction(db, () => db.prepare("SELECT value FROM meta WHERE name = 'epoch'").get());
      }
      return true;
    } catch {
      return false;
    }
  }
}
