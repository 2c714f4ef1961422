import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../src/migrate.ts';
import { APPLICATION_ID } from '../src/schema.ts';

const FIRST = {
  sql: 'CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT); CREATE TABLE one (id INTEGER PRIMARY KEY)',
  readableBy: 1,
};
const SECOND = { sql: 'ALTER TABLE one ADD COLUMN name TEXT', readableBy: 1 };
const BREAKING = { sql: 'ALTER TABLE one RENAME TO two', readableBy: 3 };

function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

const schema = (db: DatabaseSync) => db.prepare("SELECT value FROM meta WHERE name = 'schema'").get()?.['value'];

test('brings a new file to the newest version and marks it', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST, SECOND]);
  expect(pragma(db, 'user_version')).toBe(1);
  expect(schema(db)).toBe('2');
  expect(pragma(db, 'application_id')).toBe(APPLICATION_ID);
});

test('brings an older file on, and does nothing to the newest', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST]);
  db.exec('INSERT INTO one VALUES (7)');
  for (let n = 0; n < 2; n += 1) migrate(db, 'test.db', [FIRST, SECOND]);
  expect({ ...db.prepare('SELECT * FROM one').get() }).toEqual({ id: 7, name: null });
});

test('a step that fails leaves the file at its version', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST]);
  expect(() => migrate(db, 'test.db', [FIRST, SECOND, { sql: 'NOT SQL', readableBy: 1 }])).toThrow();
  expect(schema(db)).toBe('1');
  expect(() => db.prepare('SELECT name FROM one')).toThrow();
});

test('a newer file that older code works with is left as it is, and one that it can’t is refused', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST, SECOND]);
  migrate(db, 'test.db', [FIRST]);
  expect(schema(db)).toBe('2');
  migrate(db, 'test.db', [FIRST, SECOND, BREAKING]);
  expect([schema(db), pragma(db, 'user_version')]).toEqual(['3', 3]);
  expect(() => migrate(db, 'test.db', [FIRST, SECOND])).toThrowError(/newer version \(schema 3, known here: 2\)/);
});

test('a file that has its version in user_version alone is brought on from there', () => {
  const db = new DatabaseSync(':memory:');
  db.exec(`${FIRST.sql}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`);
  migrate(db, 'test.db', [FIRST, SECOND]);
  expect(schema(db)).toBe('2');
});

test('the mark and the published steps stay as they are', () => {
  expect(APPLICATION_ID.toString(16)).toBe('57534556');
});
