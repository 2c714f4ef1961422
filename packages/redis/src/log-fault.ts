import { isWebSocketError, WebSocketError, type ErrorCode } from '@ws/types';

type LogCode = Extract<ErrorCode, `LOG_${string}`>;

/** What Redis answers, as a whole word anywhere: before version 7 an error within a script comes wrapped. */
const CODES: readonly (readonly [answer: RegExp, code: LogCode])[] = [
  [/\bOOM\b|No space left on device/, 'LOG_FULL'],
  [/\b(WRONGTYPE|LOGFOREIGN|LOGFORMAT)\b|The ID specified in XADD is equal or smaller/, 'LOG_CORRUPT'],
];

const ADVICE: { readonly [Code in LogCode]: string } = {
  LOG_FULL: 'raise its maxmemory, free space on its disk, or keep less (retention); appends work again after that',
  LOG_CORRUPT: 'choose another keyPrefix, delete the keys named, or upgrade @ws/redis if a newer version wrote them',
  LOG_UNAVAILABLE:
    'check that it runs, that the address and the credentials are right, and that it is no read-only replica',
  LOG_CLOSED: 'open it again',
};

/**
 * What went wrong, in the terms of the port. Everything that comes from a client of Redis passes: connections, timeouts, a
 * server that loads its data or was demoted. Only what it says of memory and of foreign keys is another matter.
 */
export function logFault(error: unknown, place: string): WebSocketError {
  if (isWebSocketError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = CODES.find(([answer]) => answer.test(message))?.[1] ?? 'LOG_UNAVAILABLE';
  return faultOf(code, place, message, error);
}

/** Whether a server said that it is a replica, or has not loaded its data yet. */
export function isDemoted(error: unknown): boolean {
  return error instanceof Error && /\b(READONLY|MASTERDOWN|LOADING)\b/.test(error.message);
}

/** What a call on a closed log throws. */
export function closedFault(place: string): WebSocketError {
  return new WebSocketError('LOG_CLOSED', `the event log ${place} was closed: ${ADVICE.LOG_CLOSED}`);
}

/** What a call throws while there is no connection. */
export function unavailableFault(place: string, why: string, cause?: unknown): WebSocketError {
  return faultOf('LOG_UNAVAILABLE', place, why, cause);
}

function faultOf(code: LogCode, place: string, why: string, cause: unknown): WebSocketError {
  const what = code.slice('LOG_'.length).toLowerCase();
  return new WebSocketError(code, `the event log ${place} is ${what} (${why}): ${ADVICE[code]}`, { cause });
}
