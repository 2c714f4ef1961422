import { readSqliteUrl, type SqliteUrlOptions } from '@ws/sqlite';
import { isWebSocketError, WebSocketError } from '@ws/types';
import type { SettingValues } from './table/settings-table.ts';

/** Where events live. */
export type LogSetting =
  | { readonly kind: 'memory' }
  | ({ readonly kind: 'sqlite' } & SqliteUrlOptions & Lasting)
  | ({ readonly kind: 'redis' | 'nats'; readonly url: string } & Lasting);

/** A log that outlives the service. */
interface Lasting {
  /** The name of a new epoch, for a log that was restored from a backup; it begins once for a name. */
  readonly newEpoch?: string | undefined;
}

/** The log that the settings name. Throws `INVALID_OPTION`, without the address: it may hold a password. */
export function logSetting({ WS_LOG_URL: url, WS_LOG_NEW_EPOCH: name }: SettingValues): LogSetting {
  const lasting: Lasting = name === undefined ? {} : { newEpoch: name };
  const setting = named(url, lasting);
  if (setting !== undefined) return setting;
  const message =
    'WS_LOG_URL must be memory:, sqlite:PATH (for example sqlite:./data/events.db) or a URL like redis://localhost:6379 or ' +
    'nats://localhost:4222';
  throw new WebSocketError('INVALID_OPTION', message);
}

/** The log that a URL names. */
function named(url: string, lasting: Lasting): LogSetting | undefined {
  if (url === 'memory:') return { kind: 'memory' };
  if (url.startsWith('sqlite:')) {
    const options = ofVariable(() => readSqliteUrl(url));
    if (options.path !== '') return { kind: 'sqlite', ...options, ...lasting };
  }
  if (/^(nats|tls):\/\/[^/,?]/.test(url)) return { kind: 'nats', url, ...lasting };
  if (/^rediss?:\/\//.test(url) && URL.canParse(url) && new URL(url).hostname !== '') {
    return { kind: 'redis', url, ...lasting };
  }
  return undefined;
}

/** What a log says of its URL, with the name of the variable that it stands in. */
export function ofVariable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!isWebSocketError(error) || error.code !== 'INVALID_OPTION') throw error;
    throw new WebSocketError('INVALID_OPTION', `WS_LOG_URL: ${error.message}`);
  }
}
