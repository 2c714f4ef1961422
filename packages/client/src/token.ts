import type { ClientOptions, TokenRequest } from './client-options.ts';
import { callbackFailed } from './callback-failed.ts';

/** Asks the application for a token. Rejects with `CALLBACK_FAILED`, which never holds one. */
export async function fetchToken(
  source: ClientOptions['token'],
  reason: TokenRequest['reason'],
): Promise<string | undefined> {
  if (typeof source !== 'function') return source;
  let token: unknown;
  try {
    token = await source({ reason });
  } catch (cause) {
    throw callbackFailed('token', cause);
  }
  if (typeof token === 'string' && token !== '') return token;
  throw callbackFailed('token', new TypeError('token must give a string that is not empty'));
}
