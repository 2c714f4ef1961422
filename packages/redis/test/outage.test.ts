import { setTimeout as wait } from 'node:timers/promises';
import { createHub, type Hub } from '@ws/core';
import { until } from '@ws/test-support';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openRedisLog } from '../src/index.ts';
import { limitMemory } from './support/faults.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { note, Tab } from './support/tab.ts';

const USER = { userId: 'alice' };
/** How long the server is away. */
const AWAY_MS = 2_000;

/** Emits one event after the other from both hubs until it is told to stop, and knows what was accepted. */
class Emitter {
  readonly accepted: { readonly n: number; readonly epoch: string; readonly offset: number }[] = [];
  readonly refused: unknown[] = [];
  readonly #hubs: readonly Hub[];
  readonly #pending: Promise<void>[] = [];
  #isDone = false;
  #n = 0;

  constructor(hubs: readonly Hub[]) {
    this.#hubs = hubs;
  }

  async run(): Promise<void> {
    while (!this.#isDone) {
      for (const hub of this.#hubs) this.#emit(hub);
      await wait(5);
    }
  }

  async stop(): Promise<void> {
    this.#isDone = true;
    await Promise.all(this.#pending);
  }

  #emit(hub: Hub): void {
    const n = (this.#n += 1);
    const emitted = hub
      .manager(USER)
      .emit(note({ n }))
      .then(
        ({ epoch, offset }) => void this.accepted.push({ n, epoch, offset }),
        (error: unknown) => void this.refused.push(error),
      );
    this.#pending.push(emitted);
  }
}

/** How often the server was asked to take a value for a moment, and took it or not. */
async function probesOf(server: RedisServer): Promise<number> {
  const stats = String(await command(server, 'INFO', 'commandstats'));
  const [, taken = 0, refused = 0] = /cmdstat_set:calls=(\d+).*rejected_calls=(\d+)/.exec(stats) ?? [];
  return Number(taken) + Number(refused);
}

describe.skipIf(REDIS.isSkipped)('Redis goes away under load and comes back', { timeout: 40_000 }, () => {
  let server: RedisServer;
  let hubs: Hub[];
  let modes: string[];

  beforeEach(async () => {
    server = await RedisServer.start('--appendfsync', 'always');
    modes = [];
    hubs = ['a', 'b'].map((name) => {
      const log = openRedisLog({ url: server.url, checkIntervalMs: 500, commandTimeoutMs: 500 });
      return createHub({ log, tuning: { coalesceMs: 0 }, onModeChange: (mode) => modes.push(`${name} ${mode}`) });
    });
  });
  afterEach(async () => {
    await Promise.all(hubs.map((hub) => hub.close()));
    await server.stop();
  });

  async function openTabs(): Promise<readonly Tab[]> {
    const tabs = hubs.map((hub) => new Tab(hub, USER.userId));
    await until(() => tabs.forEach((tab) => expect(tab.ready).toBeDefined()));
    return tabs;
  }

  test.each([
    ['killed', () => server.kill(), () => server.start()],
    ['frozen', async () => server.freeze(), async () => server.thaw()],
  ])(
    '%s, with its data: what was accepted is there, once, in one order for everybody, and nobody is reset',
    async (...how) => {
      const [, goAway, comeBack] = how;
      const tabs = await openTabs();
      const emitter = new Emitter(hubs);
      const running = emitter.run();
      await wait(500);
      await goAway();
      await until(async () => {
        for (const hub of hubs) expect(await hub.health()).toMatchObject({ ready: false, mode: 'degraded' });
      });
      await wait(AWAY_MS);
      await comeBack();
      await until(() => hubs.forEach((hub) => expect(hub.mode).toBe('unified')));
      await wait(300);
      await emitter.stop();
      await running;
      expect(emitter.refused).toEqual([]);
      expect(modes.toSorted()).toEqual(['a degraded', 'a unified', 'b degraded', 'b unified']);
      const { accepted } = emitter;
      expect(new Set(accepted.map(({ epoch }) => epoch)).size).toBe(1);
      await until(() => tabs.forEach((tab) => expect(tab.events).toHaveLength(accepted.length)));
      const byOffset = accepted.toSorted((one, other) => one.offset - other.offset).map(({ n }) => n);
      for (const tab of tabs) {
        expect(tab.closed).toBeUndefined();
        expect(tab.events.map(({ offset }) => offset)).toEqual(accepted.map((_, index) => index + 1));
        expect(tab.events.map(({ payload }) => (payload as { n: number }).n)).toEqual(byOffset);
      }
    },
  );

  test('near its memory limit, with room for a probe and not for the events: degraded once, until there is room', async () => {
    const [hub] = hubs;
    if (hub === undefined) throw new Error('there are hubs');
    // What connections and scripts take is in use already.
    for (const each of hubs) await each.manager(USER).emit(note({ n: 0 }));
    await limitMemory(server, 300_000);
    const emitted = hub
      .manager(USER)
      .emitAll(Array.from({ length: 3 }, () => note({ n: 1, text: 'x'.repeat(400_000) })));
    await until(() => expect(hub.mode).toBe('degraded'));
    const before = await probesOf(server);
    // Two good ones in a row end an outage.
    await until(async () => expect(await probesOf(server)).toBeGreaterThan(before + 12));
    expect(modes).toEqual(['a degraded']);
    await command(server, 'CONFIG', 'SET', 'maxmemory', '0');
    expect(await emitted).toHaveLength(3);
    await until(() => expect(hub.mode).toBe('unified'));
    expect(modes).toEqual(['a degraded', 'a unified']);
  });

  test('without its data: a new epoch begins, clients are told reset, and what is accepted from then on is whole', async () => {
    const tabs = await openTabs();
    const before = await hubs[0]?.manager(USER).emit(note({ n: 0 }));
    await until(() => tabs.forEach((tab) => expect(tab.events).toHaveLength(1)));
    const emitter = new Emitter(hubs);
    const running = emitter.run();
    await wait(200);
    await server.kill();
    server.deleteData();
    await wait(500);
    await server.start();
    await until(() => hubs.forEach((hub) => expect(hub.mode).toBe('unified')));
    await until(() => tabs.forEach((tab) => expect(tab.closed).toBe(1012)));
    await wait(200);
    await emitter.stop();
    await running;
    expect(emitter.refused).toEqual([]);

    const back = hubs.map((hub, index) => new Tab(hub, USER.userId, tabs[index]?.position));
    await until(() => back.forEach((tab) => expect(tab.ready).toMatchObject({ recovery: 'reset' })));
    const [epoch] = new Set(back.map((tab) => tab.ready?.epoch));
    expect(epoch).not.toBe(before?.epoch);
    const after = emitter.accepted.filter((one) => one.epoch === epoch).map(({ n }) => n);
    expect(after.length).toBeGreaterThan(0);
    await until(() => {
      for (const tab of back) {
        const seen = new Set(tab.events.map(({ payload }) => (payload as { n: number }).n));
        expect(after.filter((n) => !seen.has(n))).toEqual([]);
      }
    });
    expect(back[0]?.events).toEqual(back[1]?.events);
  });
});
