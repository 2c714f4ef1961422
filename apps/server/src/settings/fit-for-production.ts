import { DEVELOPMENT_API_KEY, MIN_SECRET_LENGTH, weaknessOf } from '@ws/server/process';
import { WebSocketError } from '@ws/types';
import { isLoopback } from './loopback.ts';
import type { Settings } from './settings.ts';

/** Refuses what only development mode may do without. Throws `INVALID_OPTION`, naming the variables. */
export function assertFitForProduction(
  { host, jwt, apiKey, apiKeysFile, allowedOrigins }: Settings,
  isProduction: boolean,
  ownAuthentication: boolean,
): void {
  const why = whySecretsMatter(host, isProduction);
  const refuse = (message: string): never => {
    throw new WebSocketError('INVALID_OPTION', message);
  };
  const refuseWeak = (name: string, secret: string): void => {
    const weakness = weaknessOf(secret);
    if (weakness === undefined) return;
    refuse(`${name} must have at least ${MIN_SECRET_LENGTH} random characters ${why}: this one ${weakness}`);
  };
  const { keys } = jwt;
  const lacksKeys = keys === undefined && !ownAuthentication;
  const lacksApiKey = apiKey === '' && apiKeysFile === undefined;
  if (lacksKeys || lacksApiKey) {
    const missing = [
      ...(lacksKeys ? ['WS_JWT_SECRET (or WS_JWT_SECRET_FILE or WS_JWKS_URL)'] : []),
      ...(lacksApiKey ? ['WS_API_KEY (or WS_API_KEYS_FILE)'] : []),
    ];
    // Only here can development mode be what was meant.
    const orElse = isProduction || !isLoopback(host) ? '' : '; to try it on this machine alone, set WS_DEVELOPMENT=on';
    refuse(`${missing.join(' and ')} must be set ${why}${orElse}`);
  }
  if (keys?.secret !== undefined) refuseWeak('WS_JWT_SECRET', keys.secret);
  const jwks = keys?.jwksUrl === undefined ? undefined : new URL(keys.jwksUrl);
  // Whoever stands between could hand out keys of his own, and be any user.
  if (jwks?.protocol === 'http:' && (isProduction || !isLoopback(jwks.hostname))) {
    refuse(`WS_JWKS_URL must begin with https:// ${why}`);
  }
  if (apiKey === DEVELOPMENT_API_KEY) refuse(`WS_API_KEY must not be the development key ${why}`);
  if (apiKey !== '') refuseWeak('WS_API_KEY', apiKey);
  if (allowedOrigins.includes('*')) refuse(`WS_ALLOWED_ORIGINS must not be * ${why}`);
}

function whySecretsMatter(host: string, isProduction: boolean): string {
  if (isProduction) return 'with NODE_ENV=production';
  return isLoopback(host) ? 'outside of development mode' : `on ${host}, which others can reach`;
}
