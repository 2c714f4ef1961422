import { setImmediate } from 'node:timers/promises';
import { createHub, type Hub } from '@ws/core';
import { streamKey, type StreamKey } from '@ws/core/log';
import { toUserId } from '@ws/types';
import { append, event, idsOf, listen, until } from '@ws/test-support';
import { createCluster } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { command, RedisCluster, takeOver, untilReplicating } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import type { RedisServer } from './support/redis-server.ts';
import { note, Tab } from './support/tab.ts';

let cluster: RedisCluster;

async function slotOf(stream: StreamKey): Promise<number> {
  const [one = expect.fail('there is no server')] = cluster.servers;
  return Number(await command(one, 'CLUSTER', 'KEYSLOT', `{${stream}}`));
}

/** The server that has a stream. */
async function masterOf(stream: StreamKey): Promise<RedisServer> {
  const slot = String(await slotOf(stream));
  for (const server of cluster.servers) {
    if (Number(await command(server, 'CLUSTER', 'COUNTKEYSINSLOT', slot)) > 0) return server;
  }
  return expect.fail('no server has the stream');
}

/** Moves the hash slot of a stream, with what is in it, from the server that has it to another. */
async function moveSlot(stream: StreamKey): Promise<void> {
  const slot = String(await slotOf(stream));
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
      createHub({ log: openRedisLog({ url: cluster.url, keyPrefix: 'users:' }), tuning: { coalesceMs: 0 } }),
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

  test('a slot that no server had when the process looked is found once one has it', async () => {
    const stream = streamKey(toUserId('between'));
    const slot = String(await slotOf(stream));
    const before = openRedisLog({ url: cluster.url, keyPrefix: 'between:' });
    await before.append(stream, [event('a')]);
    await before.close();
    const owner = await masterOf(stream);
    for (const server of cluster.servers) await command(server, 'CLUSTER', 'DELSLOTS', slot);
    const log = openRedisLog({ url: cluster.url, keyPrefix: 'between:', checkIntervalMs: 300 });
    try {
      await expect(log.head(stream)).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    } finally {
      await command(owner, 'CLUSTER', 'ADDSLOTS', slot);
    }
    await until(async () => expect((await log.append(stream, [event('b')])).kind).toBe('appended'), 20_000);
    await log.close();
    // The servers agree again, for the tests that follow.
    for (const server of cluster.servers) {
      await until(async () => expect(await command(server, 'CLUSTER', 'INFO')).toContain('cluster_state:ok'), 20_000);
    }
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
          async (error: unknown) => {
            expect(error).toMatchObject({ code: 'LOG_UNAVAILABLE' });
            // An append that is refused at once would leave no turn for anything else.
            await setImmediate();
          },
        );
      }
    })();
    try {
      await until(() => expect(accepted.length).toBeGreaterThan(50));
      await moveSlot(stream);
      const then = accepted.length;
      await until(() => expect(accepted.length).toBeGreaterThan(then + 50));
    } finally {
      isDone = true;
    }
    await appending;
    const kept = await idsOf(one, stream);
    expect(accepted.filter((id) => !kept.includes(id))).toEqual([]);
    await until(() => expect(heard.ids()).toEqual(kept));
    expect((await two.head(stream)).epoch).toBe(epoch);
    await Promise.all(logs.map((log) => log.close()));
  });

  test('a slot that moves, and moves on, is no failover, also for a stream that nobody touches meanwhile', async () => {
    const stream = streamKey(toUserId('moved'));
    const open = () => openRedisLog({ url: cluster.url, keyPrefix: 'moved:' });
    const log = open();
    const { epoch } = await log.head(stream);
    await log.append(stream, [event('a')]);
    await log.close();
    await moveSlot(stream);
    await moveSlot(stream);
    const later = open();
    expect((await later.head(stream)).epoch).toBe(epoch);
    expect(await idsOf(later, stream)).toEqual(['a']);
    await later.close();
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

describe.skipIf(REDIS.isSkipped)('a cluster with a replica', { timeout: 60_000 }, () => {
  const open = () => openRedisLog({ url: cluster.url, keyPrefix: 'f:' });
  let replica: RedisServer;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    replica = await cluster.addReplica(server(0));
  }, 30_000);
  afterAll(() => cluster.stop());

  const server = (index: number) => cluster.servers[index] ?? expect.fail('there is no such server');

  /** A stream of a server that its replica has, too. */
  async function newStream(): Promise<{ stream: StreamKey; epoch: string }> {
    for (let n = 0; ; n += 1) {
      const stream = streamKey(toUserId(`user-${n}`));
      if (taken.has(stream) || (await slotOf(stream)) >= 5_461) continue;
      taken.add(stream);
      const log = open();
      await log.append(stream, [event('a')]);
      const { epoch } = await log.head(stream);
      await log.close();
      await until(async () => expect(await command(server(0), 'WAIT', '1', '1000')).toBe(1));
      return { stream, epoch };
    }
  }
  const taken = new Set<StreamKey>();

  /** The epoch that a process finds which is started now. */
  async function epochNow(stream: StreamKey): Promise<string> {
    const log = open();
    const head = await until(() => log.head(stream), 20_000);
    await log.close();
    return head.epoch;
  }

  test('a failover and back: a stream that nobody touched meanwhile has a new epoch', async () => {
    const { stream, epoch } = await newStream();
    await takeOver(replica);
    await untilReplicating(server(0));
    await takeOver(server(0));
    await untilReplicating(replica);
    const renewed = await epochNow(stream);
    expect(renewed).not.toBe(epoch);
    expect(await epochNow(stream)).toBe(renewed);
  });

  test('a slot that moved, and a failover of the server that has it now, under a process that lives on', async () => {
    const { stream, epoch } = await newStream();
    const log = open();
    await log.head(stream);
    await moveSlot(stream);
    await until(() => log.append(stream, [event('b')]), 20_000);
    const target = await masterOf(stream);
    const other = await cluster.addReplica(target);
    const slot = await slotOf(stream);
    const knowsSlot = new RegExp(`master .*connected.* ${slot}\\b`);
    await until(async () => expect(String(await command(other, 'CLUSTER', 'NODES'))).toMatch(knowsSlot), 20_000);
    expect((await log.head(stream)).epoch).toBe(epoch);
    await takeOver(other);
    await untilReplicating(target);
    expect(await epochNow(stream)).not.toBe(epoch);
    await log.close();
  });

  test('a failover, and a restart of the new master: a stream that nobody touched meanwhile has a new epoch', async () => {
    const { stream, epoch } = await newStream();
    await takeOver(replica);
    await untilReplicating(server(0));
    await replica.kill();
    await replica.start();
    const renewed = await epochNow(stream);
    expect(renewed).not.toBe(epoch);
    expect(await epochNow(stream)).toBe(renewed);
  });
});
