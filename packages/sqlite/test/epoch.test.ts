import { systemClock } from '@ws/core/log';
import { append, mountSmallVolume, stream } from '@ws/test-support';
import { chmodSync, copyFileSync, cpSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FileEpoch } from '../src/file-epoch.ts';
import { FileMark } from '../src/file-mark.ts';
import { openSqliteLog, type SqliteLogOptions } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

let folder: string;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => removeFolder(folder));

async function epochOf(options: SqliteLogOptions = {}): Promise<string> {
  const log = openSqliteLog({ path: join(folder, 'events.db'), ...options });
  const { epoch } = log.head(stream);
  await log.close();
  return epoch;
}

/** Changes the file as if the process had been killed on an earlier boot of the machine. */
function noteOfBoot(boot: string): void {
  const db = new DatabaseSync(join(folder, 'events.db'));
  db.prepare('INSERT INTO unsynced_sessions (id, boot) VALUES (?, ?)').run('earlier', boot);
  db.close();
}

test('stays over orderly restarts, whatever the level', async () => {
  const epoch = await epochOf();
  expect(await epochOf({ synchronous: 'normal' })).toBe(epoch);
  expect(await epochOf({ synchronous: 'normal' })).toBe(epoch);
  expect(await epochOf()).toBe(epoch);
});

test('is new, once, when the machine went down under a handle that acknowledged before fsync', async () => {
  const epoch = await epochOf();
  noteOfBoot('an earlier boot');
  const renewed = await epochOf();
  expect(renewed).not.toBe(epoch);
  expect(await epochOf()).toBe(renewed);
});

test.runIf(process.platform === 'linux')('stays when only the process was killed', async () => {
  const epoch = await epochOf();
  const open = openSqliteLog({ path: join(folder, 'events.db'), synchronous: 'normal' });
  // The note of the open handle is that of a killed one.
  expect(await epochOf()).toBe(epoch);
  await open.close();
});

test('is new when the operator asks for it: once for a name, or each time', async () => {
  const epoch = await epochOf();
  const renewed = await epochOf({ newEpoch: 'monday' });
  expect(renewed).not.toBe(epoch);
  expect([await epochOf({ newEpoch: 'monday' }), await epochOf(), await epochOf({ newEpoch: false })]).toEqual(
    Array(3).fill(renewed),
  );
  const epochs = [epoch, renewed, await epochOf({ newEpoch: 'tuesday' })];
  for (let n = 0; n < 2; n += 1) epochs.push(await epochOf({ newEpoch: true }));
  expect(new Set(epochs).size).toBe(5);
  expect(() => openSqliteLog({ path: join(folder, 'events.db'), newEpoch: 'two words' })).toThrow('newEpoch');
});

describe('another place', () => {
  /** The epoch of the log in another folder. */
  async function epochIn(other: string): Promise<string> {
    const log = openSqliteLog({ path: join(other, 'events.db') });
    const { epoch } = log.head(stream);
    await log.close();
    return epoch;
  }

  async function appendSome(): Promise<void> {
    const log = openSqliteLog({ path: join(folder, 'events.db') });
    await append(log, 'a', 'b');
    await log.close();
  }

  test('stays where the whole folder is renamed, or copied to another one', async () => {
    const epoch = await epochOf();
    await appendSome();
    const [renamed, copied] = [`${folder}-renamed`, `${folder}-copied`];
    renameSync(folder, renamed);
    expect(await epochIn(renamed)).toBe(epoch);
    cpSync(renamed, copied, { recursive: true });
    expect(await epochIn(copied)).toBe(epoch);
    for (const each of [renamed, copied]) removeFolder(each);
  });

  const volume = mountSmallVolume('16m');
  test.skipIf(volume === undefined)('stays where the whole folder is moved to another disk', async () => {
    const epoch = await epochOf();
    await appendSome();
    const there = join(volume?.folder ?? '', 'data');
    try {
      cpSync(folder, there, { recursive: true });
      removeFolder(folder);
      expect(await epochIn(there)).toBe(epoch);
      expect(await epochIn(there)).toBe(epoch);
    } finally {
      volume?.unmount();
    }
  });

  test('is new where the database file alone was copied to: nothing there tells how old it is', async () => {
    const epoch = await epochOf();
    await appendSome();
    const there = `${folder}-there`;
    mkdirSync(there);
    copyFileSync(join(folder, 'events.db'), join(there, 'events.db'));
    const renewed = await epochIn(there);
    expect(renewed).not.toBe(epoch);
    expect(await epochIn(there)).toBe(renewed);
    removeFolder(there);
  });

  test('stays for a file of a version that kept no mark, and from then on an older copy is noticed', async () => {
    const epoch = await epochOf();
    rmSync(join(folder, 'events.db-mark'));
    const db = new DatabaseSync(join(folder, 'events.db'));
    db.exec("DELETE FROM meta WHERE name = 'marked'");
    db.close();
    expect(await epochOf()).toBe(epoch);
    copyFileSync(join(folder, 'events.db'), join(folder, 'older'));
    await appendSome();
    renameSync(join(folder, 'older'), join(folder, 'events.db'));
    expect(await epochOf()).not.toBe(epoch);
  });

  test('is new, once, where the mark was damaged', async () => {
    const epoch = await epochOf();
    writeFileSync(join(folder, 'events.db-mark'), 'damaged');
    const renewed = await epochOf();
    expect(renewed).not.toBe(epoch);
    expect(await epochOf()).toBe(renewed);
  });

  test('stays where the owner of the files, or their rights, were changed', async () => {
    const epoch = await epochOf();
    await appendSome();
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o600);
    expect(await epochOf()).toBe(epoch);
  });
});

test("a system without boot ids can't have level normal", async () => {
  await epochOf();
  const db = new DatabaseSync(join(folder, 'events.db'));
  const mark = new FileMark(join(folder, 'events.db'), systemClock);
  const options = { ids: { next: () => 'id' }, newEpoch: undefined, boot: undefined, mark };
  expect(() => new FileEpoch(db, { ...options, synchronous: 'normal' })).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
  expect(() => new FileEpoch(db, { ...options, synchronous: 'full' })).not.toThrow();
  db.close();
});
