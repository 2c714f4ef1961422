import { resolveOptions, type RedisLogOptions } from './options.ts';
import { RedisEventLog } from './redis-event-log.ts';

/**
 * Opens the event log in a Redis (6.2 or later) or Valkey, one server or a cluster. Answers at once and connects in the
 * background: the first calls wait for that, and throw `LOG_UNAVAILABLE` if it does not succeed in time.
 *
 * @throws `INVALID_OPTION`
 *
 * @example
 * ```ts
 * const log = openRedisLog({ url: 'redis://localhost:6379' });
 * const hub = createHub({ log });
 * ```
 */
export function openRedisLog(options: RedisLogOptions): RedisEventLog {
  return new RedisEventLog(resolveOptions(options));
}
