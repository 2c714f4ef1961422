import { createHub } from '@ws/core';
import { append, event, idsOf, listen, stream, until } from '@ws/test-support';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRedisLog, type RedisEventLog, type RedisLogOptions } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';

let server: RedisServer;
let tests = 0;
let keyPrefix = '';
const logs: RedisEventLog[] = [];

function open(options: RedisLogOptions = {}): RedisEventLog {
  const log = openRedisLog({ url: server.url, keyPrefix, ...options });
  logs.push(log);
  return log;
}

const redis = (...args: string[]) => command(server, ...args);

describe.skipIf(REDIS.isSkipped)('what lies in Redis', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    keyPrefix = `test-${(tests += 1)}:`;
  });
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });

  test('scripts that the server forgot are sent again, and nothing is written twice', async () => {
    const log = open();
    await append(log, 'first');
    const appends: Promise<unknown>[] = [];
    for (let n = 0; n < 200; n += 1) {
      appends.push(append(log, `e-${n}`));
      if (n % 50 === 25) await redis('SCRIPT', 'FLUSH');
    }
    await Promise.all(appends);
    expect((await idsOf(log)).length).toBe(201);
    expect(await log.head(stream)).toMatchObject({ oldest: 1, head: 201 });
  });

  test('a key of somebody else is left alone, and named', async () => {
    const log = open();
    await redis('SET', `${keyPrefix}{alice}:events`, 'mine');
    await expect(append(log, 'a')).rejects.toMatchObject({ code: 'LOG_CORRUPT' });
    expect(await redis('GET', `${keyPrefix}{alice}:events`)).toBe('mine');
    expect(await redis('EXISTS', `${keyPrefix}{alice}:meta`)).toBe(0);

    await redis('DEL', `${keyPrefix}{alice}:events`);
    await redis('HSET', `${keyPrefix}{alice}:meta`, 'theirs', '1');
    await expect(log.head(stream)).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringContaining(`${keyPrefix}{alice}:meta`) as string,
    });
    expect(await redis('HGETALL', `${keyPrefix}{alice}:meta`)).toEqual({ theirs: '1' });
  });

  test('a stream of a newer version is refused', async () => {
    const log = open();
    await append(log, 'a');
    await redis('HSET', `${keyPrefix}{alice}:meta`, 'format', '2');
    await expect(append(log, 'b')).rejects.toMatchObject({
      code: 'LOG_CORRUPT',
      message: expect.stringContaining('upgrade @ws/redis') as string,
    });
  });

  test('a trim leaves nothing behind of what it lets go', async () => {
    const log = open();
    const ids = Array.from({ length: 3_000 }, (_, n) => `e-${n}`);
    await append(log, ...ids);
    await log.trim(stream, 2_990, 'fold');
    await until(async () => expect(await redis('XLEN', `${keyPrefix}{alice}:events`)).toBe(10));
    expect(await redis('HLEN', `${keyPrefix}{alice}:ids`)).toBe(10);
    await log.trim(stream, 3_000, 'fold');
    expect(await redis('XLEN', `${keyPrefix}{alice}:events`)).toBe(0);
    expect(await redis('EXISTS', `${keyPrefix}{alice}:ids`)).toBe(0);
  });

  test('a trim makes room on a server that is out of memory', async () => {
    const log = open();
    await append(log, 'a', 'b');
    await redis('CONFIG', 'SET', 'maxmemory', '1');
    try {
      await expect(append(log, 'c')).rejects.toMatchObject({ code: 'LOG_FULL' });
      await log.trim(stream, 1, 'fold');
      expect(await log.head(stream)).toMatchObject({ oldest: 2, head: 2, checkpoint: 'fold' });
    } finally {
      await redis('CONFIG', 'SET', 'maxmemory', '0');
    }
  });

  test('events too large for a message are told all the same', async () => {
    const [one, two] = [open(), open()];
    await two.healthy();
    const heard = await listen(two);
    const data = JSON.stringify({ text: 'x'.repeat(200_000) });
    await one.append(stream, [event('a', data), event('b', data)]);
    await append(one, 'c');
    await until(() => expect(heard.offsets()).toEqual([1, 2, 3]));
    expect(heard.ids()).toEqual(['a', 'b', 'c']);
  });

  test('streams that nobody appends to are deleted where that is asked for', async () => {
    const log = open({ streamTtlMs: 400 });
    const epoch = await append(log, 'a');
    await until(async () => expect(await redis('KEYS', `${keyPrefix}{alice}*`)).toEqual([]));
    const again = await append(log, 'a');
    expect(again).not.toBe(epoch);
    expect(await idsOf(log)).toEqual(['a']);
  });

  test('revocations are not deleted with them: they count as long as the credentials live', async () => {
    const log = open({ streamTtlMs: 400 });
    const hub = createHub({ log });
    await hub.revoke({ userId: 'alice', expiresAt: Date.now() + 3_600_000 });
    await append(log, 'a');
    await until(async () => expect(await redis('EXISTS', `${keyPrefix}{${stream}}:meta`)).toBe(0));
    expect(await redis('PTTL', `${keyPrefix}{ revocations}:meta`)).toBe(-1);
    await hub.close();
  });

  test('says what an append promises, by the settings of the server', async () => {
    const log = open();
    await until(() => expect(log.durability).toContain('synced within two seconds'));
    await redis('CONFIG', 'SET', 'appendfsync', 'always', 'maxmemory-policy', 'allkeys-lru');
    const other = open();
    await other.healthy();
    await until(() => expect(other.durability).toContain('synced to the append-only file'));
    expect(other.durability).toContain("maxmemory-policy 'allkeys-lru' may delete events");
    await redis('CONFIG', 'SET', 'appendfsync', 'everysec', 'maxmemory-policy', 'noeviction');
  });
});
