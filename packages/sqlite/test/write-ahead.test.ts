import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { event, stream } from '@ws/test-support';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const MIB = 1_048_576;
const KEPT_BYTES = 64 * MIB;

let folder: string;
beforeEach(() => {
  folder = tempFolder();
});
afterEach(() => removeFolder(folder));

test('a reader without an end makes the write-ahead log grow, which its size tells, and after it has gone it is cut back', async () => {
  const path = join(folder, 'events.db');
  const log = openSqliteLog({ path, synchronous: 'normal' });
  const data = JSON.stringify({ text: 'x'.repeat(MIB) });
  const append = (n: number) => log.append(stream, [event(`e-${n}`, data)]);
  await append(0);
  const reader = new DatabaseSync(path);
  reader.exec('BEGIN');
  reader.prepare('SELECT count(*) FROM events').get();
  for (let n = 1; n <= 80; n += 1) await append(n);
  expect(log.writeAheadBytes).toBeGreaterThan(80 * MIB);
  reader.close();
  await append(81);
  await append(82);
  expect(log.writeAheadBytes).toBeLessThanOrEqual(KEPT_BYTES);
  await log.close();
  expect(log.writeAheadBytes).toBe(0);
});
