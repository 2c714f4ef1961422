import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { toConnectionId } from '@ws/types';
import { stream } from '@ws/test-support';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openSqliteLog, type SqliteEventLog } from '../src/index.ts';
import { removeFolder, tempFolder } from './support/temp-folder.ts';

const LIMIT = 2;
const GATHER_MS = 50;
const BEAT_MS = 5_000;

let folder: string;
let path: string;
let now: number;
const logs: SqliteEventLog[] = [];

beforeEach(() => {
  folder = tempFolder();
  path = join(folder, 'events.db');
  now = 1_000_000;
});
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()));
  removeFolder(folder);
});

/** A process whose beats and looks are made by hand. */
function node() {
  const timers = new Map<number, () => void>();
  const clock = {
    soon: (task: () => void) => void setImmediate(task),
    now: () => now,
    after: (ms: number, task: () => void) => {
      timers.set(ms, task);
      return { cancel: () => timers.delete(ms) };
    },
  };
  const log = openSqliteLog({ path, clock, busyTimeoutMs: 0 });
  logs.push(log);
  log.subscribe(stream, () => undefined);
  const replaced: string[] = [];
  // What opens and closes is gathered for a while, and written in one go.
  const gather = (): void => timers.get(GATHER_MS)?.();
  log.shared?.connections.onReplaced(({ stream: key, id }) => {
    replaced.push(id);
    log.shared?.connections.leave({ stream: key, id });
    gather();
  });
  return {
    log,
    replaced,
    enter: (id: string, connectedAt: number) => {
      log.shared?.connections.enter({ stream, id: toConnectionId(id), connectedAt }, LIMIT);
      gather();
    },
    leave: (id: string) => {
      log.shared?.connections.leave({ stream, id: toConnectionId(id) });
      gather();
    },
    beat: () => timers.get(BEAT_MS)?.(),
    look: () => timers.get(20)?.(),
  };
}

function counted(): readonly string[] {
  const db = new DatabaseSync(path);
  const rows = db.prepare('SELECT id FROM connections ORDER BY id').all();
  db.close();
  return rows.map(({ id }) => String(id));
}

const untilCounted = (...ids: string[]) => vi.waitFor(() => expect(counted()).toEqual(ids));

test('connections of a process that gave no sign of life do not count', async () => {
  const [dead, alive] = [node(), node()];
  dead.enter('a', 1);
  dead.enter('b', 2);
  await untilCounted('a', 'b');
  now += 4 * BEAT_MS;
  alive.enter('c', 3);
  alive.enter('d', 4);
  await untilCounted('c', 'd');
  alive.look();
  expect(alive.replaced).toEqual([]);
  // It was not dead after all, only slow: what it has is counted again.
  dead.beat();
  await vi.waitFor(() => expect(dead.replaced).toEqual(['a', 'b']));
  await untilCounted('c', 'd');
});

test('a clock that is set back keeps no dead process alive', async () => {
  const [dead, alive] = [node(), node()];
  dead.enter('a', 1);
  dead.enter('b', 2);
  await untilCounted('a', 'b');
  now -= 600_000;
  alive.enter('c', 3);
  alive.enter('d', 4);
  await untilCounted('c', 'd');
  alive.look();
  expect(alive.replaced).toEqual([]);
});

test('what could not be written is told with the next sign of life', async () => {
  const [one, two] = [node(), node()];
  one.enter('a', 1);
  await untilCounted('a');
  const blocker = new DatabaseSync(path);
  blocker.exec('BEGIN IMMEDIATE');
  two.enter('b', 2);
  two.enter('c', 3);
  await new Promise((resolve) => setTimeout(resolve, 50));
  blocker.close();
  expect(counted()).toEqual(['a']);
  two.beat();
  await vi.waitFor(() => {
    one.look();
    expect(one.replaced).toEqual(['a']);
  });
  await untilCounted('b', 'c');
});

test('what opens and closes within a moment is written once, and not at all where it is over', async () => {
  const one = node();
  one.enter('a', 1);
  await untilCounted('a');
  const { connections } = one.log.shared ?? {};
  for (const id of ['b', 'c']) connections?.enter({ stream, id: toConnectionId(id), connectedAt: 2 }, LIMIT);
  connections?.leave({ stream, id: toConnectionId('b') });
  expect(counted()).toEqual(['a']);
  one.leave('a');
  await untilCounted('c');
});

test('nothing is written where nobody is connected', async () => {
  const one = node();
  one.enter('a', 1);
  await untilCounted('a');
  one.leave('a');
  await untilCounted();
  const version = () => new DatabaseSync(path).prepare('SELECT max(alive_until) AS until FROM nodes').get()?.['until'];
  const before = version();
  now += BEAT_MS;
  one.beat();
  one.beat();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(version()).toBe(before);
});

test('a guess at a ticket does not wait for the write lock, nor take it', async () => {
  const { tickets } = node().log.shared ?? {};
  await tickets?.put('right', 'alice', 30_000);
  const blocker = new DatabaseSync(path);
  blocker.exec('BEGIN IMMEDIATE');
  expect(await tickets?.take('guess')).toBeUndefined();
  await expect(tickets?.take('right')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
  blocker.close();
  expect(await tickets?.take('right')).toBe('alice');
  expect(await tickets?.take('right')).toBeUndefined();
});

test('a log for one process shares nothing', () => {
  const log = openSqliteLog({ path, severalProcesses: false });
  logs.push(log);
  expect(log.shared).toBeUndefined();
});
