/** The names each entry of `@ws/sqlite` exports. */
export const SQLITE_PINS = {
  '.': [
    'SqliteEventLog',
    'type SqliteLogOptions',
    'type SqliteUrlOptions',
    'type Synchronous',
    'openSqliteLog',
    'readSqliteUrl',
  ],
} as const;
