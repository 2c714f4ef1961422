import { isWebSocketError, WebSocketError } from '@ws/types';

/** What a request rejected with, which is one of our errors but for faults of the program. */
export function toWebSocketError(cause: unknown): WebSocketError {
  return isWebSocketError(cause) ? cause : new WebSocketError('INTERNAL', 'a request failed; see cause', { cause });
}
