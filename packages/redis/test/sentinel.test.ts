import { createHub } from '@ws/core';
import { append, idsOf, listen, stream, until } from '@ws/test-support';
import { createSentinel } from 'redis';
import { afterEach, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { note, Tab } from './support/tab.ts';

const NAME = 'events';
const SYNCED = ['--appendfsync', 'always'];

const servers: RedisServer[] = [];

async function start(...settings: string[]): Promise<RedisServer> {
  const server = await RedisServer.start(...settings);
  servers.push(server);
  return server;
}

/** A master, a replica that has its data, and a Sentinel that watches them. */
async function startWatched(settings: readonly string[] = SYNCED) {
  const master = await start(...settings, '--repl-diskless-sync-delay', '0');
  const replica = await start(...SYNCED, '--replicaof', '127.0.0.1', String(master.port));
  const sentinel = await RedisServer.startSentinel(NAME, master.port);
  servers.push(sentinel);
  await until(async () => expect(String(await command(sentinel, 'SENTINEL', 'REPLICAS', NAME))).not.toBe(''));
  const client = createSentinel({
    name: NAME,
    sentinelRootNodes: [{ host: '127.0.0.1', port: sentinel.port }],
    nodeClientOptions: { disableOfflineQueue: true },
  });
  client.on('error', () => undefined);
  return { master, replica, sentinel, client };
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

describe.skipIf(REDIS.isSkipped)('a master that Sentinels watch', { timeout: 60_000 }, () => {
  test('the client of the caller is used, and stays theirs', async () => {
    const { client } = await startWatched();
    await client.connect();
    const log = openRedisLog({ client });
    const heard = await listen(log);
    await append(log, 'a', 'b');
    await until(() => expect(heard.ids()).toEqual(['a', 'b']));
    // Sent at once and answered in order, though the caller's own client is not made for that.
    const appended = Array.from({ length: 100 }, (_, n) => append(log, `e-${n}`));
    const pages = Array.from({ length: 20 }, () => log.read(stream, 0, 500));
    await Promise.all([...appended, ...pages]);
    expect(await idsOf(log)).toEqual(['a', 'b', ...Array.from({ length: 100 }, (_, n) => `e-${n}`)]);
    await log.close();
    expect(client.isOpen).toBe(true);
    await client.close();
  });

  test('a master that was started again is noticed, though the client says nothing of it', async () => {
    const { master, replica, client } = await startWatched(['--appendfsync', 'everysec']);
    await replica.kill();
    const log = openRedisLog({ client, checkIntervalMs: 300, commandTimeoutMs: 500 });
    const epoch = await append(log, 'a');
    const heard = await listen(log);
    await append(log, 'b');
    await master.shutDown();
    await master.start();
    await until(async () => expect(await log.healthy()).toBe(true));
    // Its client may look for the master once more.
    const after = await until(() => append(log, 'c'));
    expect(after).not.toBe(epoch);
    await until(() => expect(heard.ids().at(-1)).toBe('c'));
    expect(await idsOf(log)).toEqual(['a', 'b', 'c']);
    await log.close();
  });

  test('a failover is followed: a new epoch, clients are told reset, and the rest goes on', async () => {
    const { master, replica, client } = await startWatched();
    const log = openRedisLog({ client, checkIntervalMs: 300, commandTimeoutMs: 1_000 });
    const hub = createHub({ log, tuning: { coalesceMs: 0 } });
    const manager = hub.manager({ userId: 'alice' });
    const before = await manager.emit(note({ n: 1 }));
    const tab = new Tab(hub, 'alice');
    await until(() => expect(tab.ready).toBeDefined());
    await until(async () => expect(await command(replica, 'EXISTS', 'ws:{alice}:meta')).toBe(1));
    await master.kill();
    const pending = manager.emit(note({ n: 2 }));
    await until(() => expect(hub.mode).toBe('degraded'), 20_000);
    const receipt = await pending;
    expect(hub.mode).toBe('unified');
    expect(receipt.epoch).not.toBe(before.epoch);
    await until(() => expect(tab.closed).toBe(1012));
    const back = new Tab(hub, 'alice', { epoch: before.epoch, offset: before.offset });
    await until(() => expect(back.ready?.recovery).toBe('reset'));
    await manager.emit(note({ n: 3 }));
    await until(() => expect(back.events.map(({ payload }) => payload)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]));
    await hub.close();
  });
});
