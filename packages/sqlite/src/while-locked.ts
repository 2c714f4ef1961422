const SQLITE_BUSY = 5;
const PAUSE_MS = 5;

/**
 * Does `work` again while another process has the file locked, for at most `patienceMs`. SQLite waits by itself
 * (`busy_timeout`), except where it fears that two processes wait for each other: both change the journal of a new file, say.
 */
export function whileLocked<Result>(patienceMs: number, work: () => Result): Result {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
      pause(PAUSE_MS);
    }
  }
}

function isLocked(error: unknown): boolean {
  // The lowest byte is the kind; the others tell more about it.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** Opening a log is synchronous, and so is its waiting. */
function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
