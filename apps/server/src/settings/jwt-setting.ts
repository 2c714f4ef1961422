import { WebSocketError } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';
import { httpUrlSchema } from './text-schemas.ts';

/** What checks the tokens of users. */
export type JwtSetting =
  { readonly kind: 'secret'; readonly secret: string } | { readonly kind: 'jwks'; readonly url: URL };

/** Reads the settings of tokens; `undefined` where there are none. Throws `INVALID_OPTION`. */
export function readJwtSetting(env: EnvironmentReader): JwtSetting | undefined {
  const url = env.read('WS_JWKS_URL', httpUrlSchema, 'an http or https URL');
  const secret = env.text('WS_JWT_SECRET');
  if (secret !== undefined && url !== undefined) {
    throw new WebSocketError('INVALID_OPTION', 'WS_JWT_SECRET and WS_JWKS_URL are both set: choose one');
  }
  if (url !== undefined) return { kind: 'jwks', url };
  return secret === undefined ? undefined : { kind: 'secret', secret };
}
