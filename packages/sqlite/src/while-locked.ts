import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './transaction.ts';

const SQLITE_BUSY = 5;

/**
 * Does `work` again while another process has the file locked, for at most `patienceMs`. SQLite waits by itself
 * (`busy_timeout`), except where it fears that two processes wait for each other: both change the journal of a new file, say.
 */
export function whileLocked<Result>(db: DatabaseSync, patienceMs: number, work: () => Result): Result {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
    awaitTurn(db);
  }
}

/** Has SQLite wait for the write lock, and lets go of it at once: who had the file is done then. */
function awaitTurn(db: DatabaseSync): void {
  try {
    inTransaction(db, () => undefined);
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
}

function isLocked(error: unknown): boolean {
  // The lowest byte is the kind; the others tell more about it.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}
