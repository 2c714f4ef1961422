import { WebSocketError } from '@ws/types';
import type { Settings } from './settings.ts';

/** The API key of development mode: known to everyone, good on a loopback address only. */
export const DEVELOPMENT_API_KEY = 'dev-key';

/** Shortest secret of tokens outside of development mode, in characters. */
export const MIN_SECRET_LENGTH = 32;

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
  const { keys } = jwt;
  if (keys === undefined && !ownAuthentication) refuse(`WS_JWT_SECRET or WS_JWKS_URL must be set ${why}`);
  if (keys?.kind === 'secret' && keys.secret.length < MIN_SECRET_LENGTH) {
    refuse(`WS_JWT_SECRET must have at least ${MIN_SECRET_LENGTH} characters ${why}`);
  }
  if (apiKey === '' && apiKeysFile === undefined) refuse(`WS_API_KEY must be set ${why}, or WS_API_KEYS_FILE`);
  if (apiKey === DEVELOPMENT_API_KEY) refuse(`WS_API_KEY must not be the development key ${why}`);
  if (allowedOrigins.includes('*')) refuse(`WS_ALLOWED_ORIGINS must not be * ${why}`);
}
