import { WebSocketError } from '@ws/types';

/** The error for a function of the application that threw. `callback` names the function. */
export function callbackFailed(callback: string, cause: unknown): WebSocketError {
  return new WebSocketError('CALLBACK_FAILED', `${callback} threw; see cause`, { cause, details: { callback } });
}
