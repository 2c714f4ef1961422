import { readUrlParameters } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import type { RedisLogOptions } from './options.ts';

const MAX_TIMER_MS = 2 ** 31 - 1;

/** What a URL may say besides the server. */
export type RedisUrlOptions = Pick<
  RedisLogOptions,
  'keyPrefix' | 'commandTimeoutMs' | 'checkIntervalMs' | 'onRestart' | 'streamTtlMs'
>;

/** Checks the URL of a Redis. Its parameters are left out: the client of Redis knows none of them. Throws `INVALID_OPTION`, without its password. */
export function checkUrl(url: string): URL {
  if (URL.canParse(url)) {
    const parsed = new URL(url);
    parsed.search = '';
    const isNamed = /^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '' && parsed.hash === '';
    if (isNamed && /^\d*$/.test(parsed.pathname.slice(1))) return parsed;
  }
  throw new WebSocketError(
    'INVALID_OPTION',
    'url must look like redis://localhost:6379 or rediss://user:password@host:6380/0',
  );
}

/** The options behind the question mark of a URL. Throws `INVALID_OPTION`. */
export function readRedisParameters(url: string): RedisUrlOptions {
  const given = readUrlParameters('Redis', new URL(url).search, {
    key_prefix: 'text',
    command_timeout_ms: { min: 1, max: MAX_TIMER_MS },
    check_interval_ms: { min: 1, max: MAX_TIMER_MS },
    on_restart: ['auto', 'keep', 'renew'],
    stream_ttl_ms: { min: 1 },
  });
  return {
    ...(given.key_prefix !== undefined && { keyPrefix: given.key_prefix }),
    ...(given.command_timeout_ms !== undefined && { commandTimeoutMs: given.command_timeout_ms }),
    ...(given.check_interval_ms !== undefined && { checkIntervalMs: given.check_interval_ms }),
    ...(given.on_restart !== undefined && { onRestart: given.on_restart }),
    ...(given.stream_ttl_ms !== undefined && { streamTtlMs: given.stream_ttl_ms }),
  };
}

/** The address in a URL: what may be shown. */
export function placeOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
