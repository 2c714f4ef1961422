import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHub, type Hub, type HubOptions } from '@ws/core';
import { FakeClock } from '@ws/core/testing';
import { until } from '@ws/test-support';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { RedisCluster, command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { Tab } from './support/tab.ts';

const CHILD = fileURLToPath(new URL('support/connect-until-killed.ts', import.meta.url));
/** A process counts as dead after four of these. */
const CHECK_MS = 100;

let server: RedisServer;
let tests = 0;
let keyPrefix = '';
const hubs: Hub[] = [];

function newHub(options: HubOptions = {}, url = server.url): Hub {
  const log = openRedisLog({ url, keyPrefix, checkIntervalMs: CHECK_MS, commandTimeoutMs: 500 });
  const hub = createHub({ log, ...options, limits: { connectionsPerUser: 2, ...options.limits } });
  hubs.push(hub);
  return hub;
}

async function openTab(hub: Hub, userId = 'alice'): Promise<Tab> {
  const tab = new Tab(hub, userId);
  await until(() => expect(tab.ready).toBeDefined());
  // So that no two are equally old.
  await wait(2);
  return tab;
}

const members = async (of = server) =>
  (await command(of, 'ZRANGE', `${keyPrefix}{alice}:connections`, '0', '-1')) as string[];

/** Whatever goes on, in the end this many are counted. */
const untilCounted = (count: number) => until(async () => expect(await members()).toHaveLength(count));

/** Two connections of alice, of a process that is no more. */
async function connectInKilledProcess(): Promise<void> {
  const child = spawn(process.execPath, ['--conditions=@ws/source', CHILD, server.url, keyPrefix], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const before = (await members()).length;
  await once(child.stdout, 'data');
  await untilCounted(before + 2);
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
}

const untilClosed = (tab: Tab) => until(() => expect(tab.closed).toBe(4509));

beforeEach(() => {
  keyPrefix = `test-${(tests += 1)}:`;
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
});

describe.skipIf(REDIS.isSkipped)('what processes on one Redis share', () => {
  beforeAll(async () => {
    server = await RedisServer.start('--appendfsync', 'always');
  });
  afterAll(() => server.stop());

  test('a ticket is taken once, by whichever process is first', async () => {
    const nodes = [newHub(), newHub(), newHub()];
    await nodes[0]?.tickets.put('key', 'alice', 10_000);
    const taken = await Promise.all(
      Array.from({ length: 30 }, async (_, index) => nodes[index % nodes.length]?.tickets.take('key')),
    );
    expect(taken.filter((value) => value !== undefined)).toEqual(['alice']);
  });

  test('a ticket lapses by itself', async () => {
    const { tickets } = newHub();
    await tickets.put('key', 'alice', 20);
    await until(async () => expect(await command(server, 'KEYS', `${keyPrefix}{ticket*`)).toEqual([]));
    expect(await tickets.take('key')).toBeUndefined();
  });

  test('a ticket can be neither given nor taken while Redis is away', async () => {
    const { tickets } = newHub();
    await tickets.put('key', 'alice', 60_000);
    await server.kill();
    await expect(async () => tickets.take('key')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    await server.start();
    await until(async () => expect(await tickets.take('key')).toBe('alice'));
  });

  test('over the limit the oldest connection goes, in whatever process it is', async () => {
    const [a, b] = [newHub(), newHub()];
    const bob = await openTab(a, 'bob');
    const tabs = [await openTab(a), await openTab(b), await openTab(b), await openTab(a)];
    await untilClosed(tabs[0] as Tab);
    await untilClosed(tabs[1] as Tab);
    await untilCounted(2);
    expect([bob, tabs[2], tabs[3]].map((tab) => tab?.closed)).toEqual([undefined, undefined, undefined]);
    // Closed ones are forgotten.
    tabs[2]?.leave();
    await untilCounted(1);
    await openTab(b);
    await untilCounted(2);
    expect(tabs[3]?.closed).toBeUndefined();
  });

  test('what a killed process left does not count', async () => {
    await connectInKilledProcess();
    await until(async () => expect(await command(server, 'KEYS', `${keyPrefix}{node-*`)).toEqual([]));
    const hub = newHub();
    const tabs = [await openTab(hub), await openTab(hub)];
    await untilCounted(2);
    expect(tabs.map((tab) => tab.closed)).toEqual([undefined, undefined]);
  });

  test('a process that was killed a moment ago costs no living connection its place', async () => {
    const old = await openTab(newHub({ limits: { connectionsPerUser: 3 } }));
    await connectInKilledProcess();
    const tab = await openTab(newHub({ limits: { connectionsPerUser: 3 } }));
    await untilCounted(2);
    expect([old.closed, tab.closed]).toEqual([undefined, undefined]);
  });

  test('a message that was lost is made up for', async () => {
    const [a, b] = [newHub(), newHub()];
    const old = await openTab(a);
    await untilCounted(1);
    // From now on a hears nothing, and does not know.
    const inboxes = (await command(server, 'PUBSUB', 'CHANNELS', `${keyPrefix}{node-*`)) as string[];
    expect(inboxes).toHaveLength(1);
    await command(server, 'CLIENT', 'KILL', 'TYPE', 'pubsub');
    const tabs = [await openTab(b), await openTab(b)];
    await untilClosed(old);
    await untilCounted(2);
    expect(tabs.map((tab) => tab.closed)).toEqual([undefined, undefined]);
  });

  test('a connection that was closed while Redis did not answer is forgotten later', async () => {
    const hub = newHub();
    const [gone, stays] = [await openTab(hub), await openTab(hub)];
    await untilCounted(2);
    server.freeze();
    gone.leave();
    await wait(700);
    server.thaw();
    await untilCounted(1);
    expect(stays.closed).toBeUndefined();
  });

  test('the limit holds again after Redis lost its data', async () => {
    const [a, b] = [newHub(), newHub()];
    const tabs = [await openTab(a), await openTab(b)];
    await untilCounted(2);
    await server.kill();
    server.deleteData();
    await server.start();
    // The log lost its events, too: clients come back.
    await until(() => expect([a, b].map(({ mode }) => mode)).toEqual(['unified', 'unified']));
    for (const tab of tabs) tab.leave();
    const back = [await openTab(a), await openTab(b), await openTab(b)];
    await untilClosed(back[0] as Tab);
    await untilCounted(2);
    expect(back.slice(1).map((tab) => tab.closed)).toEqual([undefined, undefined]);
  });

  test('a revocation closes the connections of a user in every process, and none is opened after', async () => {
    const [a, b] = [newHub(), newHub()];
    const tabs = [await openTab(a), await openTab(b)];
    const bob = await openTab(b, 'bob');
    await a.revoke({ userId: 'alice', expiresAt: Date.now() + 60_000 });
    await until(() => tabs.forEach((tab) => expect(tab.closed).toBe(4501)));
    for (const hub of [b, newHub()]) {
      const again = new Tab(hub, 'alice');
      await until(() => expect(again.closed).toBe(4501));
    }
    expect(bob.closed).toBeUndefined();
  });

  test.each([
    ['flushed', () => ['FLUSHALL']],
    ['deleted', (key: string) => ['DEL', `${key}:meta`, `${key}:events`, `${key}:ids`]],
    ['evicted in part', (key: string) => ['DEL', `${key}:events`]],
  ])('revocations that were %s on the server are written again by a process that lives', async (_what, how) => {
    const clock = new FakeClock(Date.now());
    const living = newHub({ clock });
    await living.revoke({ userId: 'alice', expiresAt: clock.now() + 3_600_000 });
    const restarted = newHub();
    expect(await restarted.isRevoked({ userId: 'alice' })).toBe(true);
    await restarted.close();

    await command(server, ...how(`${keyPrefix}{ revocations}`));
    const late = newHub();
    expect(await late.isRevoked({ userId: 'alice' })).toBe(false);
    const thief = await openTab(late);
    // Nobody says anything: the living process looks after half a minute.
    await clock.advance(31_000);
    await until(() => expect(thief.closed).toBe(4501));
    const next = newHub();
    expect(await next.isRevoked({ userId: 'alice' })).toBe(true);
  });
});

describe.skipIf(REDIS.isSkipped)('what processes on a Redis Cluster share', () => {
  test('tickets, the limit and revocations', { timeout: 60_000 }, async () => {
    const cluster = await RedisCluster.start();
    try {
      const [a, b] = [newHub({}, cluster.url), newHub({}, cluster.url)];
      await a.tickets.put('key', 'alice', 10_000);
      expect([await b.tickets.take('key'), await a.tickets.take('key')]).toEqual(['alice', undefined]);
      const old = await openTab(a);
      await until(async () => expect((await Promise.all(cluster.servers.map(counted))).includes(1)).toBe(true));
      await openTab(b);
      await openTab(b);
      await untilClosed(old);
      await b.revoke({ userId: 'alice', expiresAt: Date.now() + 60_000 });
      expect((await a.isRevoked({ userId: 'alice' })) || (await revokedSoon(a))).toBe(true);
      await Promise.all(hubs.splice(0).map((hub) => hub.close()));
    } finally {
      await cluster.stop();
    }
  });
});

/** Connections counted by one server of a cluster, which says that it is not asked for keys of another. */
async function counted(of: RedisServer): Promise<number> {
  return members(of).then(
    ({ length }) => length,
    () => 0,
  );
}

async function revokedSoon(hub: Hub): Promise<boolean> {
  await until(async () => expect(await hub.isRevoked({ userId: 'alice' })).toBe(true));
  return true;
}
