import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { streamKey, type LogEvent, type StreamKey } from '@ws/core/log';
import { toUserId } from '@ws/types';
import { event, stream } from '@ws/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSqliteLog, type SqliteEventLog, type SqliteLogOptions } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const other = streamKey(toUserId('bob'));
let folder: string;
let path: string;
const logs: SqliteEventLog[] = [];

beforeEach(() => {
  folder = tempFolder();
  path = join(folder, 'events.db');
});
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()));
  removeFolder(folder);
});

function open(options: SqliteLogOptions = {}): SqliteEventLog {
  const log = openSqliteLog({ path, lookIntervalMs: 5, ...options });
  logs.push(log);
  return log;
}

function listen(log: SqliteEventLog, key: StreamKey = stream): LogEvent[] {
  const heard: LogEvent[] = [];
  log.subscribe(key, (_epoch, events) => heard.push(...events));
  return heard;
}

function rows(): number {
  const db = new DatabaseSync(path);
  const count = db.prepare('SELECT count(*) AS n FROM events').get()?.['n'];
  db.close();
  return Number(count);
}

test('three handles that append to two streams at once: every listener hears every event, once and in order', async () => {
  const all = [open(), open(), open()];
  const heard = all.flatMap((log) => [listen(log), listen(log, other)]);
  await Promise.all(
    Array.from({ length: 120 }, async (_, n) => {
      const log = all[n % 3];
      await log?.append(n % 2 ? stream : other, [event(`${n}-a`), event(`${n}-b`)]);
      // In other turns, so that commits of different handles come in between.
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }),
  );
  await vi.waitFor(() => heard.forEach((events) => expect(events).toHaveLength(120)));
  heard.forEach((events, index) => {
    expect(events).toEqual(open().read(index % 2 ? other : stream, 0, 1_000).events);
  });
});

test('an own event comes after those that another handle committed before it', async () => {
  const [one, two] = [open({ lookIntervalMs: 0 }), open()];
  const heard = listen(one);
  await two.append(stream, [event('theirs')]);
  await one.append(stream, [event('own')]);
  expect(heard.map(({ eventId }) => eventId)).toEqual(['theirs', 'own']);
});

test('more than a page at once, while the newest rows of the file are deleted again and again', async () => {
  const [one, two] = [open(), open()];
  const heard = listen(one);
  for (let round = 0; round < 3; round += 1) {
    await two.append(
      stream,
      Array.from({ length: 700 }, (_, n) => event(`${round}-${n}`)),
    );
    await vi.waitFor(() => expect(heard).toHaveLength((round + 1) * 700));
    await two.trim(stream, Infinity, 'fold');
    await vi.waitFor(() => expect(rows()).toBe(0));
  }
  expect(heard.map(({ offset }) => offset)).toEqual(Array.from({ length: 2_100 }, (_, n) => n + 1));
});

test('an id that is appended again after it was let go is told, also where it was the newest row', async () => {
  const [one, two] = [open(), open()];
  await two.append(stream, [event('a')]);
  const heard = listen(one);
  await two.trim(stream, 1, '');
  await two.append(stream, [event('a')]);
  await vi.waitFor(() => expect(heard).toMatchObject([{ eventId: 'a', offset: 2 }]));
});

test('a listener that subscribes another one disturbs nobody’s order', async () => {
  const [one, two] = [open({ lookIntervalMs: 0 }), open()];
  const late: LogEvent[] = [];
  one.subscribe(stream, () => {
    one.subscribe(other, (_epoch, events) => late.push(...events));
  });
  const heard = listen(one, other);
  await two.append(stream, [event('first')]);
  await two.append(other, [event('second')]);
  await one.append(other, [event('third')]);
  expect(heard.map(({ eventId }) => eventId)).toEqual(['second', 'third']);
  await one.append(other, [event('fourth')]);
  expect(late.at(-1)?.eventId).toBe('fourth');
});

test('without listeners nothing is looked for', async () => {
  const after = vi.fn((_ms: number, _task: () => void) => ({ cancel: () => undefined }));
  const log = open({ clock: { soon: (task) => void setImmediate(task), after, now: () => Date.now() } });
  const looks = () => after.mock.calls.filter(([ms]) => ms === 5);
  await log.append(stream, [event('a')]);
  expect(looks()).toHaveLength(0);
  log.subscribe(stream, () => undefined);
  log.subscribe(stream, () => undefined);
  expect(looks()).toHaveLength(1);
});

test('after code of version 1 appended to a file of this version, numbers of arrival go on after those', async () => {
  const log = open();
  await log.append(stream, [event('one')]);
  await log.close();
  const db = new DatabaseSync(path);
  db.exec(`UPDATE streams SET head = 2, bytes = bytes + 2;
    INSERT INTO events SELECT seq + 1, stream_id, 2, 'two', type, NULL, NULL, 1, bytes_through + 2, '{}' FROM events`);
  db.close();
  const [one, two] = [open(), open()];
  const heard = listen(one);
  await two.append(stream, [event('three')]);
  await vi.waitFor(() => expect(heard).toMatchObject([{ eventId: 'three', offset: 3 }]));
  expect(one.read(stream, 0, 10).events.map(({ eventId }) => eventId)).toEqual(['one', 'two', 'three']);
});

test('a file of version 1 is brought on: numbers of arrival go on after those it has', async () => {
  const db = new DatabaseSync(path);
  const { MIGRATIONS, APPLICATION_ID } = await import('../src/schema.ts');
  db.exec(`${MIGRATIONS[0]?.sql} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1;
    INSERT INTO meta VALUES ('epoch', 'one');
    INSERT INTO streams (key, head, bytes) VALUES ('alice', 1, 2);
    INSERT INTO events VALUES (41, 1, 1, 'old', 'test', NULL, NULL, 1, 2, '{}')`);
  db.close();
  const [one, two] = [open(), open()];
  const heard = listen(one);
  await two.append(stream, [event('new')]);
  await vi.waitFor(() => expect(heard).toMatchObject([{ eventId: 'new', offset: 2 }]));
  expect(one.head(stream)).toEqual({ epoch: 'one', oldest: 1, head: 2 });
  expect(one.read(stream, 0, 10).events.map(({ eventId }) => eventId)).toEqual(['old', 'new']);
});
