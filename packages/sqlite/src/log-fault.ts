import { isWebSocketError, WebSocketError, type ErrorCode } from '@ws/types';

type LogCode = Extract<ErrorCode, `LOG_${string}`>;

// Primary result codes of SQLite (the low byte of what node:sqlite reports as `errcode`).
const SQLITE_TOOBIG = 18;
const SQLITE_CONSTRAINT = 19;
const CODES: { readonly [resultCode: number]: LogCode } = {
  11: 'LOG_CORRUPT', // CORRUPT
  13: 'LOG_FULL', // FULL
  [SQLITE_TOOBIG]: 'LOG_FULL',
  // Offsets are counted under the write lock: one that is taken already means that the counters and the events disagree.
  [SQLITE_CONSTRAINT]: 'LOG_CORRUPT',
  26: 'LOG_CORRUPT', // NOTADB
};
// The index of the write-ahead log lies on the same volume; it can't grow when that is full.
const SQLITE_IOERR_SHMSIZE = 4874;

const ADVICE: { readonly [Code in LogCode]: string } = {
  LOG_FULL: 'free space on its volume or raise maxFileBytes; appends work again after that',
  LOG_CORRUPT: 'restore it from a copy, or name another file',
  LOG_UNAVAILABLE: 'check that it exists, is writable and is not locked by another process',
  LOG_CLOSED: 'open it again',
};

/**
 * What went wrong, in the terms of the port. Errors that do not come from SQLite (a value of a wrong type, say) are the
 * caller's and are handed back as they are.
 */
export function logFault(error: unknown, path: string): unknown {
  if (isWebSocketError(error) || !(error instanceof Error)) return error;
  const code = codeOf(error);
  return code === undefined ? error : faultOf(code, path, error);
}

/** Runs `work` and throws what goes wrong in the terms of the port. */
export function withLogFaults<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    throw logFault(error, path);
  }
}

/** What a call on a closed log throws. */
export function closedFault(path: string): WebSocketError {
  return new WebSocketError('LOG_CLOSED', `the event log ${path} was closed: ${ADVICE.LOG_CLOSED}`);
}

function faultOf(code: LogCode, path: string, cause: Error): WebSocketError {
  const what = code.slice('LOG_'.length).toLowerCase();
  return new WebSocketError(code, `the event log ${path} is ${what} (${cause.message}): ${ADVICE[code]}`, { cause });
}

function codeOf(error: Error): LogCode | undefined {
  if ('errcode' in error && typeof error.errcode === 'number') {
    if (error.errcode === SQLITE_IOERR_SHMSIZE) return 'LOG_FULL';
    return CODES[error.errcode & 0xff] ?? 'LOG_UNAVAILABLE';
  }
  if (!('code' in error)) return undefined;
  // What node:sqlite says of a file that was closed meanwhile.
  if (error.code === 'ERR_INVALID_STATE') return 'LOG_CLOSED';
  if (error.code === 'ENOSPC') return 'LOG_FULL';
  return 'syscall' in error ? 'LOG_UNAVAILABLE' : undefined;
}
