import type { Environment } from './environment.ts';
import { isLoopback } from './loopback.ts';

/** Each is set for a service that others rely on, or that others reach. */
const NAMES = [
  ...['WS_JWT_SECRET', 'WS_JWT_SECRET_FILE', 'WS_JWKS_URL', 'WS_API_KEY', 'WS_API_KEYS_FILE'],
  ...['WS_TLS_CERT', 'WS_TLS_KEY', 'WS_TRUSTED_PROXIES'],
];

/** The settings of production that are set, as words of a sentence. Never a secret. */
export function productionSettings(env: Environment): readonly string[] {
  const host = env['WS_HOST'] || 'localhost';
  return [
    ...(env['NODE_ENV'] === 'production' ? ['NODE_ENV=production'] : []),
    ...(isLoopback(host) ? [] : [`WS_HOST=${host}, which others can reach`]),
    ...NAMES.filter((name) => env[name]),
  ];
}
