import { WebSocketError } from '@ws/types';
import type { Clock } from './clock.ts';

/** The error for a function of the application that threw, or gave no answer in time. `callback` names the function. */
export function callbackFailed(callback: string, cause: unknown): WebSocketError {
  return new WebSocketError('CALLBACK_FAILED', `${callback} failed; see cause`, { cause, details: { callback } });
}

/** How long the client waits for what it cannot do without. */
export interface Patience {
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
}

/**
 * The answer of a function of the application. Rejects with `CALLBACK_FAILED` if it throws or does not settle in time. The caller calls it
 * again later, and ignores a late answer.
 */
export function answerOf<Answer>(
  callback: string,
  ask: () => Answer | Promise<Answer>,
  { clock, connectTimeoutMs }: Patience,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const failed = (cause: unknown): void => {
      timer.cancel();
      reject(callbackFailed(callback, cause));
    };
    const timer = clock.after(connectTimeoutMs, () =>
      failed(new WebSocketError('REQUEST_TIMEOUT', `no answer within ${connectTimeoutMs} ms`)),
    );
    const answered = (answer: Answer): void => {
      timer.cancel();
      resolve(answer);
    };
    // Also what it throws at once is a rejection.
    (async () => ask())().then(answered, failed);
  });
}
