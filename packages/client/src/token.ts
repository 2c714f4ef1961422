import type { ClientOptions, TokenRequest } from './client-options.ts';
import { answerOf, callbackFailed, type Patience } from './callback-failed.ts';

/** Asks the application for a token. Rejects with `CALLBACK_FAILED`, which never holds one. */
export async function fetchToken(
  options: Pick<ClientOptions, 'token'> & Patience,
  reason: TokenRequest['reason'],
): Promise<string | undefined> {
  const { token: source } = options;
  if (typeof source !== 'function') return source;
  const token: unknown = await answerOf('token', () => source({ reason }), options);
  if (typeof token === 'string' && token !== '') return token;
  throw callbackFailed('token', new TypeError('token must give a string that is not empty'));
}
