import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { streamKey } from '@ws/core/log';
import { toUserId } from '@ws/types';
import { event, stream } from '@ws/test-support';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSqliteLog } from '../src/index.ts';
import { idsOf } from './support/events.ts';
import { HandClock } from './support/hand-clock.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const other = streamKey(toUserId('bob'));
let folder: string;
let clock: HandClock;
let log: ReturnType<typeof openSqliteLog>;
beforeEach(() => {
  folder = tempFolder();
  clock = new HandClock();
  log = openSqliteLog({ path: join(folder, 'events.db'), clock });
});
afterEach(async () => {
  await log.close();
  removeFolder(folder);
});

test('appends of one turn are one commit: nothing can be read before it, everything after it', async () => {
  const reader = new DatabaseSync(log.path);
  const count = () => reader.prepare('SELECT count(*) AS n FROM events').get()?.['n'];
  const appends = [log.append(stream, [event('a')]), log.append(other, [event('b')]), log.append(stream, [event('c')])];
  expect(clock.waiting).toBe(1);
  expect([count(), idsOf(log)]).toEqual([0, []]);
  clock.turn();
  expect(count()).toBe(3);
  expect(await Promise.all(appends)).toMatchObject([
    { events: [{ offset: 1 }] },
    { events: [{ offset: 1 }] },
    { events: [{ offset: 2 }] },
  ]);
  reader.close();
});

test('an append that fails takes nothing with it: neither its own first events nor the others', async () => {
  const broken = { ...event('broken'), data: undefined as unknown as string };
  const appends = Promise.allSettled([
    log.append(stream, [event('a')]),
    log.append(stream, [event('b'), broken]),
    log.append(other, [event('c')]),
    log.append(stream, [event('d')]),
  ]);
  clock.turn();
  expect((await appends).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(idsOf(log)).toEqual(['a', 'd']);
  expect(idsOf(log, other)).toEqual(['c']);
});

test('a conflict in a turn is one for that append alone, and sees what came before it in the turn', async () => {
  const { epoch } = log.head(stream);
  const appends = Promise.all([
    log.append(stream, [event('a')], { epoch, offset: 0 }),
    log.append(stream, [event('b')], { epoch, offset: 0 }),
    log.append(stream, [event('c')], { epoch, offset: 1 }),
  ]);
  clock.turn();
  expect(await appends).toMatchObject([
    { kind: 'appended' },
    { kind: 'conflict', head: { head: 1 } },
    { kind: 'appended' },
  ]);
  expect(idsOf(log)).toEqual(['a', 'c']);
});

test('a turn that asks for more than a transaction takes goes on in the next turn, in order', async () => {
  const done: string[] = [];
  const appends = ['a', 'b', 'c'].map(async (name) => {
    await log.append(
      stream,
      Array.from({ length: 1_500 }, (_, index) => event(`${name}-${index}`)),
    );
    done.push(name);
  });
  clock.turn();
  await appends[0];
  expect(done).toEqual(['a']);
  clock.turn();
  clock.turn();
  await Promise.all(appends);
  expect(done).toEqual(['a', 'b', 'c']);
});

test('listeners hear of a commit in the order of its appends, before the appenders do', async () => {
  const heard: string[] = [];
  log.subscribe(stream, (_epoch, events) => heard.push(`told ${events.map(({ eventId }) => eventId).join()}`));
  const appends = ['a', 'b'].map(async (id) => {
    await log.append(stream, [event(id)]);
    heard.push(`done ${id}`);
  });
  clock.turn();
  await Promise.all(appends);
  expect(heard).toEqual(['told a', 'told b', 'done a', 'done b']);
});

test('close does what was asked for', async () => {
  const append = log.append(stream, [event('a')]);
  await log.close();
  expect(await append).toMatchObject({ events: [{ offset: 1 }] });
});
