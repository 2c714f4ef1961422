export { openSqliteLog } from './open-sqlite-log.ts';
export type { SqliteLogOptions, Synchronous } from './options.ts';
export type { SqliteEventLog } from './sqlite-event-log.ts';
export { readSqliteUrl, type SqliteUrlOptions } from './sqlite-url.ts';
