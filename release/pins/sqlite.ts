/** The names each entry of `@ws/sqlite` exports. */
export const SQLITE_PINS = {
  '.': ['SqliteEventLog', 'type SqliteLogOptions', 'type Synchronous', 'openSqliteLog'],
} as const;
