import { ERROR_CODES, type ErrorCode } from './error-codes.ts';

/** Facts that help the receiver of an error: never a secret, never a token. */
export type ErrorDetails = { readonly [key: string]: string | number | boolean | null };

// Shared through the global symbol registry, so that `isWebSocketError` holds across two installed copies of the package.
const BRAND = Symbol.for('@ws/types:WebSocketError');

/**
 * The one error class of the project. `code` is stable and listed in {@link ERROR_CODES}; the message names the thing and
 * what to do about it.
 *
 * @example
 * ```ts
 * try {
 *   await manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'Hm' } });
 * } catch (error) {
 *   if (isWebSocketError(error) && error.code === 'RUN_NOT_OPEN') startTheRunFirst();
 *   else throw error;
 * }
 * ```
 */
export class WebSocketError extends Error {
  override readonly name: string = 'WebSocketError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { cause?: unknown; details?: ErrorDetails } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether the same call may succeed later without a change. */
  get retryable(): boolean {
    return ERROR_CODES[this.code].retry;
  }
}

/**
 * What may be told of an error to whoever is at the other end of a connection. What is wrong with the log is the operator's
 * business: such a message names addresses, files and settings, and its code says all that a client can use.
 */
export function publicMessage({ code, message }: Pick<WebSocketError, 'code' | 'message'>): string {
  return code.startsWith('LOG_') ? ERROR_CODES[code].meaning : message;
}

/** Tells whether a caught value is a {@link WebSocketError}, also one made by another installed copy of this package. */
export function isWebSocketError(value: unknown): value is WebSocketError {
  return value instanceof Error && BRAND in value;
}
