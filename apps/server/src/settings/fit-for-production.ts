import { WebSocketError } from '@ws/types';
import { isLoopback } from './loopback.ts';
import { MIN_SECRET_LENGTH, weaknessOf } from './secret-strength.ts';
import type { Settings } from './settings.ts';

/** The API key of development mode: known to everyone, good on a loopback address only. */
export const DEVELOPMENT_API_KEY = 'dev-key';

/** Refuses what is fine on one's own machine and nowhere else. Throws `INVALID_OPTION`, naming the variable. */
export function assertFitForProduction(
  { host, jwt, apiKey, apiKeysFile, allowedOrigins }: Settings,
  isProduction: boolean,
  ownAuthentication: boolean,
): void {
  const why = isProduction ? 'with NODE_ENV=production' : `on ${host}, which others can reach`;
  const refuse = (message: string): never => {
    throw new WebSocketError('INVALID_OPTION', message);
  };
  const refuseWeak = (name: string, secret: string): void => {
    const weakness = weaknessOf(secret);
    if (weakness === undefined) return;
    refuse(`${name} must have at least ${MIN_SECRET_LENGTH} random characters ${why}: this one ${weakness}`);
  };
  const { keys } = jwt;
  if (keys === undefined && !ownAuthentication) refuse(`WS_JWT_SECRET or WS_JWKS_URL must be set ${why}`);
  if (keys?.kind === 'secret') refuseWeak('WS_JWT_SECRET', keys.secret);
  // Whoever stands between could hand out keys of his own, and be any user.
  if (keys?.kind === 'jwks' && keys.url.protocol === 'http:' && (isProduction || !isLoopback(keys.url.hostname))) {
    refuse(`WS_JWKS_URL must begin with https:// ${why}`);
  }
  if (apiKey === '' && apiKeysFile === undefined) refuse(`WS_API_KEY must be set ${why}, or WS_API_KEYS_FILE`);
  if (apiKey === DEVELOPMENT_API_KEY) refuse(`WS_API_KEY must not be the development key ${why}`);
  if (apiKey !== '') refuseWeak('WS_API_KEY', apiKey);
  if (allowedOrigins.includes('*')) refuse(`WS_ALLOWED_ORIGINS must not be * ${why}`);
}
