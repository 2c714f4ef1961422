import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { whileLocked } from '../src/while-locked.ts';

function database(): DatabaseSync {
  const db = new DatabaseSync(':memory:');
  onTestFinished(() => db.close());
  return db;
}

const fault = (errcode: number): Error => Object.assign(new Error('a fault of SQLite'), { errcode });

test('does again what another process held up, whatever SQLite tells beside', () => {
  // SQLITE_BUSY, SQLITE_BUSY_RECOVERY
  const work = vi
    .fn(() => 'done')
    .mockImplementationOnce(() => {
      throw fault(5);
    })
    .mockImplementationOnce(() => {
      throw fault(261);
    });
  expect(whileLocked(database(), 5_000, work)).toBe('done');
  expect(work).toHaveBeenCalledTimes(3);
});

test('gives up when time is over, and at once for another fault', () => {
  expect(() =>
    whileLocked(database(), 0, () => {
      throw fault(5);
    }),
  ).toThrow('a fault of SQLite');
  const work = vi.fn(() => {
    throw fault(10);
  });
  expect(() => whileLocked(database(), 5_000, work)).toThrow('a fault of SQLite');
  expect(work).toHaveBeenCalledTimes(1);
});
