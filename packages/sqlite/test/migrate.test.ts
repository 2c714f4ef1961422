import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { migrate } from '../src/migrate.ts';
import { APPLICATION_ID } from '../src/schema.ts';

const FIRST = 'CREATE TABLE one (id INTEGER PRIMARY KEY)';
const SECOND = 'ALTER TABLE one ADD COLUMN name TEXT';

function pragma(db: DatabaseSync, name: string): unknown {
  return db.prepare(`PRAGMA ${name}`).get()?.[name];
}

test('brings a new file to the newest version and marks it', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST, SECOND]);
  expect(pragma(db, 'user_version')).toBe(2);
  expect(pragma(db, 'application_id')).toBe(APPLICATION_ID);
});

test('brings an older file on, and does nothing to the newest', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST]);
  db.exec('INSERT INTO one VALUES (7)');
  migrate(db, 'test.db', [FIRST, SECOND]);
  migrate(db, 'test.db', [FIRST, SECOND]);
  expect({ ...db.prepare('SELECT * FROM one').get() }).toEqual({ id: 7, name: null });
});

test('a step that fails leaves the file at its version', () => {
  const db = new DatabaseSync(':memory:');
  migrate(db, 'test.db', [FIRST]);
  expect(() => migrate(db, 'test.db', [FIRST, SECOND, 'NOT SQL'])).toThrow();
  expect(pragma(db, 'user_version')).toBe(1);
  expect(() => db.prepare('SELECT name FROM one')).toThrow();
});

test('the mark and the published steps stay as they are', () => {
  expect(APPLICATION_ID.toString(16)).toBe('57534556');
});
