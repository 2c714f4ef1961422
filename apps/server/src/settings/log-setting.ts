import { WebSocketError } from '@ws/types';
import type { EnvironmentReader } from './environment.ts';

/** Where events live. */
export type LogSetting =
  | { readonly kind: 'memory' }
  | { readonly kind: 'sqlite'; readonly path: string }
  | { readonly kind: 'redis' | 'nats'; readonly url: string };

/** Reads WS_LOG_URL. Throws `INVALID_OPTION`, without the address: it may hold a password. */
export function readLogSetting(env: EnvironmentReader): LogSetting {
  const url = env.text('WS_LOG_URL') ?? 'sqlite:./data/events.db';
  if (url === 'memory:') return { kind: 'memory' };
  if (url.startsWith('sqlite:')) {
    const path = url.slice('sqlite:'.length);
    if (path !== '') return { kind: 'sqlite', path };
  }
  if (/^(nats|tls):\/\/[^/,?]/.test(url)) return { kind: 'nats', url };
  if (/^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '') return { kind: 'redis', url };
  const message =
    'WS_LOG_URL must be memory:, sqlite:PATH (for example sqlite:./data/events.db) or a URL like redis://localhost:6379 or ' +
    'nats://localhost:4222';
  throw new WebSocketError('INVALID_OPTION', message);
}
