/** What leads from one version of the schema to the next. */
export interface Migration {
  readonly sql: string;
  /**
   * The oldest version whose code works with a file of the new one: a deployment that is taken back finds its log as it left it.
   * A step that only adds tables or columns with a default does not raise it.
   */
  readonly readableBy: number;
}

/** Marks a file as an event log of this project: `WSEV` in ASCII. */
export const APPLICATION_ID = 0x57_53_45_56;

/**
 * How the schema came to be, oldest first: the first makes version 1, and so on. Those that were published are never changed.
 *
 * Version 1:
 * - `events` is a heap in order of arrival, so that a tick's events of many streams fill the same few pages; a table
 *   clustered by stream was two to five times as slow to append to.
 * - The unique index leads with the event id: ids made in order of time then land on the same few pages, too.
 * - `bytes_through` is the sum of the bytes of a stream up to and including the event. With it the bytes kept and the place
 *   where a byte limit lies are found without adding up.
 * - Events up to `trimmed` are let go; rows up to `purged` are deleted. Between the two lies what is deleted bit by bit.
 *
 * Version 2: `arrivals` holds the highest `seq` ever given, so that none is given twice after the newest rows were deleted. Other
 * processes find what was appended by it. Code of version 1 does not keep it: see `Arrivals`.
 *
 * Version 3: what processes share besides streams. `replaced` marks connections that have to close.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    readableBy: 1,
    sql: `
  CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    head INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL DEFAULT 0,
    trimmed INTEGER NOT NULL DEFAULT 0,
    trimmed_bytes INTEGER NOT NULL DEFAULT 0,
    purged INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX streams_to_purge ON streams (id) WHERE purged < trimmed;

  CREATE TABLE checkpoints (
    stream_id INTEGER PRIMARY KEY,
    data TEXT NOT NULL
  ) STRICT;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    stream_id INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    event_id TEXT NOT NULL,
    type TEXT NOT NULL,
    thread_id TEXT,
    run_id TEXT,
    timestamp INTEGER NOT NULL,
    bytes_through INTEGER NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_offset ON events (stream_id, offset);
  CREATE UNIQUE INDEX events_by_id ON events (event_id, stream_id);

  CREATE TABLE leases (
    stream TEXT NOT NULL,
    run_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (stream, run_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX leases_by_expiry ON leases (expires_at);

  -- Open handles that acknowledge before fsync, with the boot of the machine they run on.
  CREATE TABLE unsynced_sessions (
    id TEXT PRIMARY KEY,
    boot TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  },
  {
    readableBy: 1,
    sql: `
  CREATE TABLE arrivals (newest INTEGER NOT NULL) STRICT;
  INSERT INTO arrivals SELECT coalesce(max(seq), 0) FROM events;
  `,
  },
  {
    readableBy: 1,
    sql: `
  CREATE TABLE tickets (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tickets_by_expiry ON tickets (expires_at);

  CREATE TABLE nodes (
    node TEXT PRIMARY KEY,
    alive_until INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE connections (
    stream TEXT NOT NULL,
    connected_at REAL NOT NULL,
    id TEXT NOT NULL,
    node TEXT NOT NULL,
    replaced INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (stream, connected_at, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX connections_replaced ON connections (node) WHERE replaced = 1;
  `,
  },
];
