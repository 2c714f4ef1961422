import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` under the write lock and commits, or undoes all of it and throws. */
export function inTransaction<Result>(db: DatabaseSync, work: () => Result): Result {
  return within(db, 'BEGIN IMMEDIATE', work);
}

/** Runs `work`, which only reads, on the file as it is at one moment. */
export function inSnapshot<Result>(db: DatabaseSync, work: () => Result): Result {
  return within(db, 'BEGIN DEFERRED', work);
}

function within<Result>(db: DatabaseSync, begin: string, work: () => Result): Result {
  db.exec(begin);
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(db);
    throw error;
  }
}

function rollBack(db: DatabaseSync): void {
  try {
    db.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself already (disk full, I/O error): the first error is the one that counts.
  }
}
