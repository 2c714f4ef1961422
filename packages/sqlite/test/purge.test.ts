import { event, stream } from '@ws/test-support';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { appendOffsets, idsOf } from './support/events.ts';
import { HandClock } from './support/hand-clock.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = tempFolder();
  path = join(folder, 'events.db');
});
afterEach(() => removeFolder(folder));

function rows(): number {
  const db = new DatabaseSync(path);
  const count = db.prepare('SELECT count(*) AS n FROM events').get()?.['n'];
  db.close();
  return Number(count);
}

test('what was trimmed is deleted a slice at a time, and appends come in between', async () => {
  const clock = new HandClock();
  const log = openSqliteLog({ path, clock });
  const appended = appendOffsets(log, 4_000);
  clock.turn();
  await appended;

  const trim = log.trim(stream, 3_900, 'fold');
  clock.turn();
  await trim;
  expect(idsOf(log)).toHaveLength(100);
  expect(rows()).toBe(3_500);

  const append = log.append(stream, [event('between')]);
  clock.turn();
  await append;
  expect(rows()).toBe(2_501);
  await log.close();
});

test('goes on after a restart', async () => {
  const clock = new HandClock();
  const log = openSqliteLog({ path, clock });
  const appended = appendOffsets(log, 4_000);
  clock.turn();
  await appended;
  const trim = log.trim(stream, 3_900, 'fold');
  clock.turn();
  await trim;
  await log.close();
  expect(rows()).toBeGreaterThan(100);

  const reopened = openSqliteLog({ path });
  expect(idsOf(reopened)).toHaveLength(100);
  await vi.waitFor(() => expect(rows()).toBe(100));
  await reopened.close();
});

test('a file that may not grow any more: LOG_FULL, then a trim makes room', async () => {
  const data = JSON.stringify({ bulk: 'x'.repeat(2_000) });
  const log = openSqliteLog({ path, maxFileBytes: 500_000 });
  await expect(appendOffsets(log, 1_000, data)).rejects.toMatchObject({ code: 'LOG_FULL' });
  expect(log.head(stream).head).toBe(0);

  let head = 0;
  const fill = async () => {
    for (;;) {
      const { head: before } = log.head(stream);
      await log.append(stream, [event(`more-${before}`, data)]);
      head = before + 1;
    }
  };
  await expect(fill()).rejects.toMatchObject({ code: 'LOG_FULL' });
  expect(head).toBeGreaterThan(100);
  expect(log.healthy()).toBe(false);

  await log.trim(stream, head - 10, data);
  await vi.waitFor(() => expect(rows()).toBe(10));
  expect(log.healthy()).toBe(true);
  await log.append(stream, [event('room', data)]);
  expect(log.head(stream)).toMatchObject({ head: head + 1, checkpoint: data });
  await log.close();
});
