import { WebSocketError } from '@ws/types';
import { expect, test } from 'vitest';
import { logFault } from '../src/log-fault.ts';

const sqliteError = (errcode: number) => Object.assign(new Error('it says why'), { code: 'ERR_SQLITE_ERROR', errcode });

test.each([
  ['SQLITE_FULL', 13, 'LOG_FULL'],
  ['SQLITE_TOOBIG', 18, 'LOG_FULL'],
  ['SQLITE_IOERR_SHMSIZE', 4874, 'LOG_FULL'],
  ['SQLITE_CORRUPT', 11, 'LOG_CORRUPT'],
  ['SQLITE_CORRUPT_INDEX', 779, 'LOG_CORRUPT'],
  ['SQLITE_NOTADB', 26, 'LOG_CORRUPT'],
  ['SQLITE_CONSTRAINT_UNIQUE', 2067, 'LOG_CORRUPT'],
  ['SQLITE_BUSY', 5, 'LOG_UNAVAILABLE'],
  ['SQLITE_READONLY', 8, 'LOG_UNAVAILABLE'],
  ['SQLITE_IOERR_FSYNC', 1034, 'LOG_UNAVAILABLE'],
  ['SQLITE_CANTOPEN', 14, 'LOG_UNAVAILABLE'],
])('%s becomes a code of the port, with the file and its cause', (_name, errcode, code) => {
  const cause = sqliteError(errcode);
  const fault = logFault(cause, '/data/events.db');
  expect(fault).toMatchObject({ code, cause });
  expect((fault as Error).message).toContain('/data/events.db');
  expect((fault as Error).message).toContain('it says why');
});

test('a fault of the file system is told apart the same way', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' });
  const denied = Object.assign(new Error('denied'), { code: 'EACCES', syscall: 'mkdir' });
  expect(logFault(full, 'x')).toMatchObject({ code: 'LOG_FULL' });
  expect(logFault(denied, 'x')).toMatchObject({ code: 'LOG_UNAVAILABLE' });
});

test("the caller's own errors stay as they are", () => {
  const mistake = new TypeError('no such thing');
  expect(logFault(mistake, 'x')).toBe(mistake);
  const known = new WebSocketError('LOG_FULL', 'known');
  expect(logFault(known, 'x')).toBe(known);
});
