import { withLogFaults } from './log-fault.ts';
import { resolveOptions, type SqliteLogOptions } from './options.ts';
import { SqliteEventLog } from './sqlite-event-log.ts';

/**
 * Opens the event log in a SQLite file, or makes it. Several handles and processes of one machine may have the same file open.
 *
 * @throws `LOG_CORRUPT` for a damaged file, one of another program, or one of a newer version; `LOG_UNAVAILABLE` for one that
 * can't be opened or written; `LOG_FULL`; `INVALID_OPTION`; `UNSUPPORTED_NODE` on a Node
 * without `node:sqlite`, before 22.13
 *
 * @example
 * ```ts
 * const log = openSqliteLog({ path: './data/events.db' });
 * const hub = createHub({ log });
 * ```
 */
export function openSqliteLog(options: SqliteLogOptions): SqliteEventLog {
  const resolved = resolveOptions(options);
  return withLogFaults(resolved.path, () => new SqliteEventLog(resolved));
}
