import { stream } from '@ws/test-support';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FileEpoch } from '../src/file-epoch.ts';
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

test('is new when the operator says that the file was restored from a copy', async () => {
  const epoch = await epochOf();
  const renewed = await epochOf({ newEpoch: true });
  expect(renewed).not.toBe(epoch);
  expect(await epochOf()).toBe(renewed);
});

test("a system without boot ids can't have level normal", async () => {
  await epochOf();
  const db = new DatabaseSync(join(folder, 'events.db'));
  const options = { ids: { next: () => 'id' }, newEpoch: false, boot: undefined };
  expect(() => new FileEpoch(db, { ...options, synchronous: 'normal' })).toThrowError(
    expect.objectContaining({ code: 'INVALID_OPTION' }),
  );
  expect(() => new FileEpoch(db, { ...options, synchronous: 'full' })).not.toThrow();
  db.close();
});
