import { readUrlParameters } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import { fileURLToPath } from 'node:url';
import type { SqliteLogOptions } from './options.ts';

const MAX_WAIT_MS = 600_000;

/** What a URL may say besides the file. */
export type SqliteUrlOptions = Pick<
  SqliteLogOptions,
  'synchronous' | 'maxFileBytes' | 'busyTimeoutMs' | 'lookIntervalMs'
> & { readonly path: string };

/**
 * The options in a URL: the file, and what follows behind a question mark. A `?` or `%` in the name of the file is written `%3F` or
 * `%25`.
 *
 * @throws `INVALID_OPTION`
 *
 * @example
 * ```ts
 * readSqliteUrl('sqlite:./data/events.db?synchronous=normal'); // { path: './data/events.db', synchronous: 'normal' }
 * ```
 */
export function readSqliteUrl(url: string): SqliteUrlOptions {
  const at = url.indexOf('?');
  const address = at === -1 ? url : url.slice(0, at);
  const path = pathIn(address);
  const query = at === -1 ? '' : url.slice(at + 1);
  const { synchronous, max_file_bytes, busy_timeout_ms, look_interval_ms } = readUrlParameters('SQLite', query, {
    synchronous: ['full', 'normal'],
    max_file_bytes: { min: 1 },
    busy_timeout_ms: { min: 0, max: MAX_WAIT_MS },
    look_interval_ms: { min: 0, max: MAX_WAIT_MS },
  });
  return {
    path,
    ...(synchronous !== undefined && { synchronous }),
    ...(max_file_bytes !== undefined && { maxFileBytes: max_file_bytes }),
    ...(busy_timeout_ms !== undefined && { busyTimeoutMs: busy_timeout_ms }),
    ...(look_interval_ms !== undefined && { lookIntervalMs: look_interval_ms }),
  };
}

function pathIn(address: string): string {
  try {
    if (address.startsWith('sqlite:')) {
      return decodeURIComponent(address.slice('sqlite:'.length).replace(/^\/\/(?=[/.])/, ''));
    }
    if (address.startsWith('file://')) return fileURLToPath(address.replaceAll('#', '%23'));
  } catch {
    throw new WebSocketError('INVALID_OPTION', `url '${address}' is no URL of a file: write %25 for a % in its name`);
  }
  throw new WebSocketError(
    'INVALID_OPTION',
    `url must look like sqlite:./data/events.db or file:///…, got '${address}'`,
  );
}
