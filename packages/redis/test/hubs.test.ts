import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createHub, type Hub, type HubOptions } from '@ws/core';
import { until } from '@ws/test-support';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient } from 'redis';
import { openRedisLog } from '../src/index.ts';
import { command } from './support/redis-cluster.ts';
import { REDIS } from './support/redis-program.ts';
import { RedisServer } from './support/redis-server.ts';
import { note, Tab } from './support/tab.ts';

const CHILD = fileURLToPath(new URL('support/run-until-killed.ts', import.meta.url));
const USER = { userId: 'alice' };

let server: RedisServer;
let tests = 0;
let keyPrefix = '';
const hubs: Hub[] = [];

function newHub(options: HubOptions = {}): Hub {
  const log = openRedisLog({ url: server.url, keyPrefix, checkIntervalMs: 500 });
  const hub = createHub({ log, ...options, tuning: { coalesceMs: 0, ...options.tuning } });
  hubs.push(hub);
  return hub;
}

/** A tab that was answered. */
async function openTab(hub: Hub): Promise<Tab> {
  const tab = new Tab(hub, USER.userId);
  await until(() => expect(tab.ready).toBeDefined());
  return tab;
}

const typesOf = (tab: Tab) => tab.events.map(({ type }) => type);

describe.skipIf(REDIS.isSkipped)('several processes on one Redis', () => {
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    keyPrefix = `test-${(tests += 1)}:`;
  });
  afterEach(async () => {
    await Promise.all(hubs.splice(0).map((hub) => hub.close()));
  });

  test('an event emitted in one reaches a connection of the other, with the same number', async () => {
    const [a, b] = [newHub(), newHub()];
    const tab = await openTab(b);
    const receipt = await a.manager(USER).emit(note({ text: 'hello' }));
    await until(() => expect(tab.events).toHaveLength(1));
    expect(tab.events[0]).toMatchObject({ type: 'note', offset: receipt.offset, payload: { text: 'hello' } });
    expect(receipt.epoch).toBe(tab.ready?.epoch);
  });

  test('events emitted in both at once are one sequence for everybody', async () => {
    const [a, b] = [newHub(), newHub()];
    const tabs = await Promise.all([a, b].map(openTab));
    const emitted = Array.from({ length: 200 }, (_, n) => (n % 2 ? a : b).manager(USER).emit(note({ n })));
    await Promise.all(emitted);
    await until(() => tabs.forEach((tab) => expect(tab.events).toHaveLength(200)));
    for (const tab of tabs) {
      expect(tab.events.map(({ offset }) => offset)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
      expect(tab.events).toEqual(tabs[0]?.events);
    }
  });

  test('cancelling in one stops a run of the other: its signal is aborted, and it ends once', async () => {
    const [a, b] = [newHub(), newHub()];
    const tab = await openTab(a);
    const run = await b.manager(USER).startRun({ agentName: 'analyst' });
    const untilAborted = (signal: AbortSignal) =>
      new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('found')));
    const found = run.tool('search', {}, untilAborted);
    found.catch(() => undefined);
    await until(() => expect(tab.events).toHaveLength(2));
    tab.say({ type: 'cancel_run', run_id: run.runId });
    await until(() => expect(run.signal.aborted).toBe(true));
    expect(run.ended).toBe(true);
    // The agent notices and winds up: too late, and it is told so.
    await expect(found).rejects.toMatchObject({ code: 'RUN_CANCELLED' });
    await until(() => expect(typesOf(tab)).toContain('agent_completed'));
    await wait(100);
    expect(typesOf(tab)).toEqual(['agent_started', 'tool_executing', 'tool_completed', 'agent_completed']);
    expect(tab.events.at(-1)?.payload).toMatchObject({ status: 'cancelled' });
  });

  test('an approval asked for in one is given in the other', async () => {
    const [a, b] = [newHub(), newHub()];
    const tab = await openTab(a);
    const run = await b.manager(USER).startRun({ agentName: 'analyst' });
    const decision = run.requestApproval({ toolCallId: 'call-1', toolName: 'delete', args: {}, timeoutMs: 10_000 });
    await until(() => expect(typesOf(tab)).toContain('tool_approval_requested'));
    tab.say({ type: 'tool_approval', run_id: run.runId, tool_call_id: 'call-1', approved: true });
    expect(await decision).toMatchObject({ approved: true });
    await run.complete();
  });

  test('a run whose process died is ended as interrupted by the others, once', { timeout: 30_000 }, async () => {
    const args = ['--conditions=@ws/source', CHILD, server.url, keyPrefix];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [runId] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
    child.kill('SIGKILL');
    await once(child, 'close');
    const options = { tuning: { runLeaseMs: 600 } };
    const others = [newHub(options), newHub(options), newHub(options)];
    const tabs = await Promise.all(others.map(openTab));
    const completed = (tab: Tab) => tab.events.filter(({ type }) => type === 'agent_completed');
    await until(() => tabs.forEach((tab) => expect(completed(tab)).toHaveLength(1)));
    await wait(500);
    for (const tab of tabs) {
      expect(completed(tab)).toMatchObject([{ run_id: runId.trim(), payload: { status: 'interrupted' } }]);
    }
  });

  test('connections for messages that are cut again and again lose nothing', { timeout: 30_000 }, async () => {
    const [a, b] = [newHub(), newHub()];
    const tab = await openTab(b);
    let isDone = false;
    const cutting = (async () => {
      while (!isDone) {
        await command(server, 'CLIENT', 'KILL', 'TYPE', 'pubsub');
        await wait(80);
      }
    })();
    for (let n = 0; n < 300; n += 1) {
      await a.manager(USER).emit(note({ n }));
      await wait(2);
    }
    isDone = true;
    await cutting;
    await until(() => expect(tab.events).toHaveLength(300));
    expect(tab.events.map(({ payload }) => (payload as { n: number }).n)).toEqual(
      Array.from({ length: 300 }, (_, n) => n),
    );
  });

  test('a last event whose message was lost shows, without another one after it and without a new connection', async () => {
    const a = newHub();
    const client = await createClient({ url: server.url, disableOfflineQueue: true }).connect();
    const subscriber = await client.duplicate().connect();
    const b = newHub({ log: openRedisLog({ client, subscriber, keyPrefix, checkIntervalMs: 500 }) });
    const tab = await openTab(b);
    // b's subscription is gone, and b does not know.
    const channel = `${keyPrefix}{alice}:feed`;
    await subscriber.unsubscribe(channel);
    expect(await command(server, 'PUBSUB', 'NUMSUB', channel)).toEqual([channel, 0]);
    await a.manager(USER).emit(note({ n: 1 }));
    await until(() => expect(tab.events).toHaveLength(1), 3_000);
    await Promise.all(hubs.splice(0).map((hub) => hub.close()));
    client.destroy();
    subscriber.destroy();
  });

  test('a process subscribes to the streams of its connections, and to no others', async () => {
    const [a, b] = [newHub(), newHub({ tuning: { streamIdleMs: 0 } })];
    const channels = async () => {
      const all = (await command(server, 'PUBSUB', 'CHANNELS', `${keyPrefix}*`)) as string[];
      return all.filter((channel) => !/ revocations|:inbox$/.test(channel));
    };
    const tab = await openTab(b);
    expect(await channels()).toEqual([`${keyPrefix}{alice}:feed`]);
    tab.leave();
    await until(async () => expect(await channels()).toEqual([]));
    await expect(a.health()).resolves.toMatchObject({ ready: true });
  });
});
