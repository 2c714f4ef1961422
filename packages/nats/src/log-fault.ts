import { isWebSocketError, WebSocketError, type ErrorCode } from '@ws/types';

type LogCode = Extract<ErrorCode, `LOG_${string}`>;

// Error codes of JetStream.
const INSUFFICIENT_RESOURCES = 10_023;
const ACCOUNT_RESOURCES_EXCEEDED = 10_002;
const MEMORY_RESOURCES_EXCEEDED = 10_028;
const STORAGE_RESOURCES_EXCEEDED = 10_047;
/** The store refused: a limit of the stream (`maximum bytes exceeded`), or an error of its disk. */
const STORE_FAILED = 10_077;
const MESSAGE_TOO_LARGE = 10_054;
const WRONG_LAST_SEQUENCE = 10_071;
const WRONG_LAST_SEQUENCE_UNKNOWN = 10_164;
const STREAM_NOT_FOUND = 10_059;

const FULL: ReadonlySet<number> = new Set([
  INSUFFICIENT_RESOURCES,
  ACCOUNT_RESOURCES_EXCEEDED,
  MEMORY_RESOURCES_EXCEEDED,
  STORAGE_RESOURCES_EXCEEDED,
  MESSAGE_TOO_LARGE,
]);
const NO_ROOM = /maximum (bytes|messages) exceeded|no space left|insufficient/i;

const ADVICE: { readonly [Code in LogCode]: string } = {
  LOG_FULL:
    'raise the limits of its account or server (max_file_store), free space on its disk, or keep less (retention); appends work again ' +
    'after that',
  LOG_CORRUPT: 'choose another prefix, or bring the streams named back to what the README of @ws/nats says',
  LOG_UNAVAILABLE:
    'check that it runs with JetStream, that the address, credentials and permissions are right, and that a majority of its ' +
    'servers is up',
  LOG_CLOSED: 'open it again',
};

/** What went wrong, in the terms of the port. Everything that comes from a client of NATS passes, except what is said here. */
export function logFault(error: unknown, place: string): WebSocketError {
  if (isWebSocketError(error)) return error;
  const message = messageOf(error);
  const code = apiCodeOf(error);
  const full = code !== undefined && (FULL.has(code) || (code === STORE_FAILED && NO_ROOM.test(message)));
  return faultOf(full ? 'LOG_FULL' : 'LOG_UNAVAILABLE', place, message, error);
}

/** Whether an append found no room. */
export function isFull(error: unknown): boolean {
  return isWebSocketError(error) && error.code === 'LOG_FULL';
}

/** What a call on a closed log throws. */
export function closedFault(place: string): WebSocketError {
  return new WebSocketError('LOG_CLOSED', `the event log ${place} was closed: ${ADVICE.LOG_CLOSED}`);
}

/** What a call throws while there is no connection. */
export function unavailableFault(place: string, cause: unknown): WebSocketError {
  return faultOf('LOG_UNAVAILABLE', place, cause === undefined ? 'there is no connection' : messageOf(cause), cause);
}

/** The streams are not as this log needs them. */
export function corruptFault(place: string, why: string): WebSocketError {
  return faultOf('LOG_CORRUPT', place, why, undefined);
}

/** Whether a publish was refused because the newest message of its subject is another one than expected. */
export function isConflict(error: unknown): boolean {
  const code = apiCodeOf(error) ?? apiCodeOf(error instanceof Error ? error.cause : undefined);
  return code === WRONG_LAST_SEQUENCE || code === WRONG_LAST_SEQUENCE_UNKNOWN;
}

export function isStreamNotFound(error: unknown): boolean {
  return apiCodeOf(error) === STREAM_NOT_FOUND;
}

/** Whether the stream is not there, or nobody answers for it. */
export function isMissing(error: unknown): boolean {
  return isStreamNotFound(error) || (error instanceof Error && error.name === 'JetStreamNotEnabled');
}

/** The code of JetStream's answer; `undefined` for what is no answer. */
function apiCodeOf(error: unknown): number | undefined {
  return error instanceof Error && 'apiError' in error && 'code' in error ? Number(error.code) : undefined;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  // What Node says of several addresses that all refused.
  return 'code' in error ? String(error.code) : error.name;
}

function faultOf(code: LogCode, place: string, why: string, cause: unknown): WebSocketError {
  const what = code.slice('LOG_'.length).toLowerCase();
  return new WebSocketError(code, `the event log ${place} is ${what} (${why}): ${ADVICE[code]}`, { cause });
}
