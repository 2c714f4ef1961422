import type { DatabaseSync } from 'node:sqlite';
import { WebSocketError } from '@ws/types';
import { APPLICATION_ID, type Migration } from './schema.ts';
import { readNumber } from './read-number.ts';
import { inSnapshot, inTransaction } from './transaction.ts';

/**
 * Brings a file to the newest schema: a new file from nothing, an older one step by step, all of it or nothing. A newer one whose
 * schema the code of this version works with is left as it is.
 *
 * `user_version` of the file is the oldest version of the schema whose code works with it; the version it has stands in `meta`.
 *
 * @throws `LOG_CORRUPT` for a file that is not a log of this project, or that only a newer version of it can use
 */
export function migrate(db: DatabaseSync, path: string, migrations: readonly Migration[]): void {
  // In one transaction: another process may be making the file meanwhile.
  if (inSnapshot(db, () => versionOf(db, path, migrations.length)) >= migrations.length) return;
  // A property of the file that can't be changed within a transaction. A new or older file of ours: the check above said so.
  db.exec('PRAGMA journal_mode = WAL');
  inTransaction(db, () => {
    // Once more under the lock: another process may have done it meanwhile.
    const version = versionOf(db, path, migrations.length);
    for (const { sql } of migrations.slice(version)) db.exec(sql);
    db.prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('schema', ?)").run(String(migrations.length));
    const readableBy = migrations.at(-1)?.readableBy ?? 0;
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${readableBy};`);
  });
}

function versionOf(db: DatabaseSync, path: string, newest: number): number {
  const applicationId = readNumber(db, 'PRAGMA application_id');
  const readableBy = readNumber(db, 'PRAGMA user_version');
  const isNew = applicationId === 0 && readableBy === 0 && readNumber(db, 'SELECT count(*) FROM sqlite_schema') === 0;
  if (isNew) return 0;
  if (applicationId !== APPLICATION_ID) {
    throw new WebSocketError(
      'LOG_CORRUPT',
      `${path} is a SQLite file of another program: name another file for the log`,
    );
  }
  if (readableBy > newest) {
    throw new WebSocketError(
      'LOG_CORRUPT',
      `the event log ${path} was written by a newer version (schema ${readableBy}, known here: ${newest}): upgrade @ws/sqlite`,
    );
  }
  const named = db.prepare("SELECT value FROM meta WHERE name = 'schema'").get()?.['value'];
  // Files of before this was kept had it in `user_version`.
  return named === undefined ? readableBy : Number(named);
}
