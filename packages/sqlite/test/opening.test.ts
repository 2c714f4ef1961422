import { stream } from '@ws/test-support';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';
import { appendOffsets, idsOf } from './support/events.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = tempFolder();
  path = join(folder, 'events.db');
});
afterEach(() => removeFolder(folder));

describe('where the file is', () => {
  test('folders are created', async () => {
    const log = openSqliteLog({ path: join(folder, 'a', 'b', 'events.db') });
    await log.close();
    expect(existsSync(join(folder, 'a', 'b', 'events.db'))).toBe(true);
  });

  test.each([
    ['sqlite:/', (file: string) => `sqlite:${file}`],
    ['sqlite:///', (file: string) => `sqlite://${file}`],
    ['file:///', (file: string) => pathToFileURL(file).href],
  ])('a URL of the form %s', async (_form, toUrl) => {
    const log = openSqliteLog({ url: toUrl(path) });
    expect(log.path).toBe(path);
    await log.close();
  });

  test('sqlite: takes a relative path', async () => {
    const log = openSqliteLog({ url: `sqlite:${folder}/../${folder.split('/').at(-1)}/events.db` });
    expect(log.path).toBe(path);
    await log.close();
  });

  test('parameters of a URL are options; what is said beside it counts more', () => {
    const url = 'sqlite:a.db?synchronous=normal&max_file_bytes=9000&busy_timeout_ms=0&look_interval_ms=5';
    const inUrl = { synchronous: 'normal', maxFileBytes: 9_000, busyTimeoutMs: 0, lookIntervalMs: 5 };
    expect(resolveOptions({ url })).toMatchObject({ path: resolve('a.db'), ...inUrl });
    expect(resolveOptions({ url, synchronous: 'full' })).toMatchObject({ ...inUrl, synchronous: 'full' });
    expect(resolveOptions({ url: 'file:///a.db?synchronous=normal' })).toMatchObject({
      path: '/a.db',
      synchronous: 'normal',
    });
  });

  test('a ? or % in the name of a file is plain in a path and encoded in a URL', async () => {
    const name = join(folder, 'a?synchronous=normal 100%.db');
    const first = openSqliteLog({ path: name });
    const url = `sqlite:${folder}/a%3Fsynchronous=normal 100%25.db`;
    const second = openSqliteLog({ url });
    expect([first.path, second.path]).toEqual([name, name]);
    await Promise.all([first.close(), second.close()]);
    expect(existsSync(name)).toBe(true);
  });

  test.each([
    ['sqlite:a.db?synchronus=normal', 'did you mean synchronous?'],
    ['sqlite:a.db?synchronous=off', "synchronous must be full or normal, got 'off'"],
    ['file:///a.db?mode=ro', "no parameter 'mode' in the URL of a SQLite log"],
    ['sqlite:a.db?synchronous=full&synchronous=normal', 'the parameter synchronous twice'],
    ['sqlite:a.db?max_file_bytes=0', 'max_file_bytes must be a whole number from 1'],
    ['sqlite:100%.db', 'write %25 for a %'],
  ])('%s is refused by name, and makes no file', (url, message) => {
    expect(() => openSqliteLog({ url })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }) as Error);
    expect(() => openSqliteLog({ url })).toThrow(message);
  });

  test.each([
    ['neither path nor url', {}],
    ['both', { path: 'a.db', url: 'sqlite:a.db' }],
    ['another scheme', { url: 'postgres://host/db' }],
    ['no file', { path: ':memory:' }],
    ['a wrong level', { path: 'a.db', synchronous: 'off' as 'full' }],
    ['no size', { path: 'a.db', maxFileBytes: 0 }],
    ['a wrong wait', { path: 'a.db', busyTimeoutMs: -1 }],
    ['a wrong interval', { path: 'a.db', lookIntervalMs: -1 }],
  ])('%s is INVALID_OPTION', (_what, options) => {
    expect(() => openSqliteLog(options)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('a path that can not be is LOG_UNAVAILABLE and names it', () => {
    writeFileSync(path, '');
    const under = join(path, 'events.db');
    expect(() => openSqliteLog({ path: under })).toThrowError(
      expect.objectContaining({ code: 'LOG_UNAVAILABLE', message: expect.stringContaining(under) as string }),
    );
  });
});

describe('a file that is not a log of ours', () => {
  test('of another program is refused and left as it was', () => {
    const foreign = new DatabaseSync(path);
    foreign.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY)');
    foreign.close();
    const before = readFileSync(path);
    expect(() => openSqliteLog({ path })).toThrowError(expect.objectContaining({ code: 'LOG_CORRUPT' }));
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  test('that is no database is refused and left as it was', () => {
    writeFileSync(path, 'These are notes, not a database. '.repeat(200));
    const before = readFileSync(path);
    expect(() => openSqliteLog({ path })).toThrowError(expect.objectContaining({ code: 'LOG_CORRUPT' }));
    expect(readFileSync(path)).toEqual(before);
  });

  test('of a newer version is refused', async () => {
    await openSqliteLog({ path }).close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => openSqliteLog({ path })).toThrowError(/newer version \(schema 99.*upgrade/);
  });
});

test('a file damaged in the middle is LOG_CORRUPT where the damage is met, not silence', async () => {
  const log = openSqliteLog({ path });
  await appendOffsets(log, 3_000);
  await log.close();
  const bytes = readFileSync(path);
  // The schema and what opening looks at lie in the beginning.
  bytes.fill(0xa5, Math.floor(bytes.length / 3));
  writeFileSync(path, bytes);
  const damaged = openSqliteLog({ path });
  expect(() => damaged.read(stream, 0, 5_000)).toThrowError(expect.objectContaining({ code: 'LOG_CORRUPT' }));
  await damaged.close();
});

test('options of one handle do not stay with the file', async () => {
  const first = openSqliteLog({ path, synchronous: 'normal', maxFileBytes: 1_000_000 });
  await appendOffsets(first, 2);
  expect(first.durability).toMatch(/killed process/);
  expect(first.durabilityProfile).toEqual({
    settings: { journal_mode: 'wal', synchronous: 'normal', fullfsync: '0' },
    survives: { killedProcess: 'yes', powerCut: 'no' },
  });
  await first.close();
  const second = openSqliteLog({ path });
  expect(second.durability).toMatch(/power cut, as far as the disk/);
  expect(second.durabilityProfile).toEqual({
    settings: { journal_mode: 'wal', synchronous: 'full', fullfsync: '1' },
    survives: { killedProcess: 'yes', powerCut: 'yes' },
  });
  expect(idsOf(second)).toEqual(['event-1', 'event-2']);
  await second.close();
});
