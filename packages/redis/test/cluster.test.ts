import { createHub, streamKey, type Hub, type StreamKey } from '@ws/core';
import { toUserId } from '@ws/types';
import { append, event, idsOf, listen, until } from '@ws/test-support';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { command, RedisCluster } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import type { RedisServer } from './support/redis-server.ts';
import { note, Tab } from './support/tab.ts';

let cluster: RedisCluster;

/** Moves the hash slot of a stream, with what is in it, from the server that has it to another. */
async function moveSlot(stream: StreamKey): Promise<void> {
  const [one = expect.fail('there is no server')] = cluster.servers;
  const slot = String(await command(one, 'CLUSTER', 'KEYSLOT', `{${stream}}`));
  const ids = await Promise.all(
    cluster.servers.map(async (server) => String(await command(server, 'CLUSTER', 'MYID'))),
  );
  const counts = await Promise.all(
    cluster.servers.map(async (server) => Number(await command(server, 'CLUSTER', 'COUNTKEYSINSLOT', slot))),
  );
  const from = counts.findIndex((count) => count > 0);
  const to = (from + 1) % cluster.servers.length;
  const [source, target] = [cluster.servers[from], cluster.servers[to]] as [RedisServer, RedisServer];
  await command(target, 'CLUSTER', 'SETSLOT', slot, 'IMPORTING', ids[from] ?? '');
  await command(source, 'CLUSTER', 'SETSLOT', slot, 'MIGRATING', ids[to] ?? '');
  const keys = (await command(source, 'CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[];
  await command(source, 'MIGRATE', '127.0.0.1', String(target.port), '', '0', '5000', 'KEYS', ...keys);
  for (const server of [target, source]) await command(server, 'CLUSTER', 'SETSLOT', slot, 'NODE', ids[to] ?? '');
}

describe.skipIf(REDIS.isSkipped)('a cluster of three', { timeout: 30_000 }, () => {
  beforeAll(async () => {
    cluster = await RedisCluster.start();
  }, 30_000);
  afterAll(() => cluster.stop());

  test('shares users between its servers, and every event reaches connections of another process', async () => {
    const hubs: Hub[] = [0, 1].map(() =>
      createHub({ log: openRedisLog({ url: cluster.url, keyPrefix: 'users:' }), coalesceMs: 0 }),
    );
    const [a, b] = hubs as [Hub, Hub];
    const users = Array.from({ length: 30 }, (_, n) => `user-${n}`);
    const tabs = users.map((user) => new Tab(b, user));
    await until(() => tabs.forEach((tab) => expect(tab.ready).toBeDefined()));
    await Promise.all(users.flatMap((userId) => [1, 2, 3].map((n) => a.manager({ userId }).emit(note({ n, userId })))));
    await until(() => tabs.forEach((tab) => expect(tab.events).toHaveLength(3)));
    tabs.forEach((tab, index) =>
      expect(tab.events.map(({ payload }) => payload)).toEqual([1, 2, 3].map((n) => ({ n, userId: users[index] }))),
    );
    const sizes = await Promise.all(cluster.servers.map(async (server) => Number(await command(server, 'DBSIZE'))));
    for (const size of sizes) expect(size).toBeGreaterThan(10);
    await Promise.all(hubs.map((hub) => hub.close()));
  });

  test('messages stay on the shard of their stream', async () => {
    const log = openRedisLog({ url: cluster.url, keyPrefix: 'sharded:' });
    const heard = await listen(log);
    await append(log, 'a');
    await until(() => expect(heard.ids()).toEqual(['a']));
    const shardChannels = async () => {
      const lists = cluster.servers.map((server) => command(server, 'PUBSUB', 'SHARDCHANNELS', 'sharded:*'));
      return (await Promise.all(lists)).flat();
    };
    await until(async () => expect(await shardChannels()).toEqual(['sharded:{alice}:feed']));
    const plain = await Promise.all(cluster.servers.map((server) => command(server, 'PUBSUB', 'CHANNELS', '*')));
    expect(plain.flat()).toEqual([]);
    await log.close();
  });

  test('a slot that moves while appends run loses nothing, and listeners hear of everything', async () => {
    const stream = streamKey(toUserId('moving'));
    const logs = [0, 1].map(() => openRedisLog({ url: cluster.url, keyPrefix: 'm:', checkIntervalMs: 300 }));
    const [one = expect.fail('there is no log'), two = one] = logs;
    await two.healthy();
    const heard = await listen(two, stream);
    const { epoch } = await one.head(stream);
    const accepted: string[] = [];
    let isDone = false;
    const appending = (async () => {
      for (let n = 0; !isDone; n += 1) {
        // While the keys are on their way the cluster asks to try again, and so does the log.
        await one.append(stream, [event(`e-${n}`)]).then(
          () => accepted.push(`e-${n}`),
          (error: unknown) => expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE' }),
        );
      }
    })();
    await until(() => expect(accepted.length).toBeGreaterThan(50));
    await moveSlot(stream);
    const then = accepted.length;
    await until(() => expect(accepted.length).toBeGreaterThan(then + 50));
    isDone = true;
    await appending;
    const kept = await idsOf(one, stream);
    expect(accepted.filter((id) => !kept.includes(id))).toEqual([]);
    await until(() => expect(heard.ids()).toEqual(kept));
    expect((await two.head(stream)).epoch).toBe(epoch);
    await Promise.all(logs.map((log) => log.close()));
  });

  test('the caller may pass a client of its own, which stays open', async () => {
    const client = createCluster({ rootNodes: [{ url: cluster.url }], defaults: { disableOfflineQueue: true } });
    await client.connect();
    const log = openRedisLog({ client, keyPrefix: 'own:' });
    await log.healthy();
    const heard = await listen(log);
    await append(log, 'a', 'b');
    await until(() => expect(heard.ids()).toEqual(['a', 'b']));
    await log.leases.set([]);
    await log.close();
    expect(client.isOpen).toBe(true);
    await client.close();
  });
});
