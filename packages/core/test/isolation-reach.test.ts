import { describe, expect, it } from 'vitest';
import * as root from '../src/index.ts';
import * as internal from '../src/internal.ts';
import * as log from '../src/log.ts';
import * as observe from '../src/observe.ts';
import * as sockets from '../src/ws.ts';
import { getWebSocketManager, Hub, UnifiedWebSocketManager, type UserContext } from '../src/index.ts';
import { FakeSocket } from '../src/testing.ts';
import { callAll, attempt, reachFrom } from './support/reach.ts';
import { setUp } from './support/world.ts';

const SECRET = 'the secret of alice';

/** Alice has a run, a pending approval, a tab and a secret in all of them; Mallory has a manager and what it gives out. */
async function aliceAndMallory() {
  const world = setUp({ onUserMessage: () => undefined });
  const alice = world.hub.manager({ userId: 'alice' });
  const aliceTab = await world.connected('alice');
  const run = await alice.startRun({ agentName: SECRET, runId: 'r-alice', threadId: 't-alice', task: SECRET });
  await run.write(SECRET);
  await run.emit('tool_executing', { tool_call_id: 'c-alice', tool_name: 'read', args: SECRET });
  void run.requestApproval({ toolName: 'read', args: SECRET, toolCallId: 'a-alice' });
  await world.clock.settle();

  const mallory = world.hub.manager({ userId: 'mallory' });
  const own = await mallory.startRun({ agentName: 'm', runId: 'r-mallory' });
  await own.emit('tool_executing', { tool_call_id: 'c-mallory', tool_name: 'x', args: {} });
  const tab = FakeSocket.open((socket) => mallory.attach(socket));
  tab.say({ type: 'hello' });
  await world.clock.settle();
  const { session } = tab;
  const held = [mallory, own, session, session.connection, await mallory.position(), await mallory.history()];
  return { ...world, alice, aliceTab, mallory, tab, held };
}

/** What somebody would try who knows the names of another user's things. */
const ATTEMPTS: readonly (readonly unknown[])[] = [
  [],
  ['alice'],
  ['r-alice'],
  ['r-alice', 'c-alice'],
  [{ userId: 'alice' }],
  [{ userId: 'alice' }, { userId: 'alice' }],
  [{ runId: 'r-alice', toolCallId: 'a-alice', approved: true }],
  [{ agentName: 'm', runId: 'r-alice', threadId: 't-alice' }],
  [{ type: 'agent_thinking', run_id: 'r-alice', thread_id: 't-alice', user_id: 'alice', payload: { delta: 'x' } }],
  [[{ type: 'agent_completed', run_id: 'r-alice', payload: { status: 'failed', duration_ms: 1 } }]],
  [{ after: 0, limit: 1_000, userId: 'alice', stream: 'alice' }],
  ['{"type":"cancel_run","run_id":"r-alice","user_id":"alice"}'],
  ['{"type":"hello","from":"earliest","user_id":"alice","threads":["t-alice"],"token":"alice"}'],
];

describe('from what one user holds', () => {
  it('nothing leads to another user, to a hub, or to what other users were sent', async () => {
    const { held, alice } = await aliceAndMallory();
    const { objects, texts } = reachFrom(held);
    expect(objects.has(UnifiedWebSocketManager.prototype)).toBe(true);
    expect(objects.has(alice)).toBe(false);
    for (const object of objects) expect(object instanceof Hub).toBe(false);
    expect([...texts].filter((text) => text.includes(SECRET) || text.includes('alice'))).toEqual([]);
  });

  it('no call leads there either, with any arguments', async () => {
    const { held, alice, aliceTab, tab, clock } = await aliceAndMallory();
    const before = [await alice.history(), aliceTab.messages.length];
    const targets = held.filter((value) => typeof value === 'object');
    const outcomes = await callAll(targets, ATTEMPTS);
    expect(outcomes.length).toBeGreaterThan(500);
    await clock.settle();
    const { objects, texts } = reachFrom(outcomes);
    expect(objects.has(alice)).toBe(false);
    for (const object of objects) expect(object instanceof Hub).toBe(false);
    expect([...texts].filter((text) => text.includes(SECRET))).toEqual([]);
    expect(tab.messages.filter((text) => text.includes(SECRET))).toEqual([]);
    expect([await alice.history(), aliceTab.messages.length]).toEqual(before);
  });

  it('a manager made by its constructor, with whatever is at hand, has no streams', async () => {
    const { held, alice } = await aliceAndMallory();
    const context = { userId: alice.userId, stream: 'alice', isolatedThread: undefined };
    const Manager = Reflect.get(held[0] as object, 'constructor') as new (...args: unknown[]) => object;
    const { objects } = reachFrom(held);
    const forged: object[] = [];
    for (const services of [undefined, {}, ...objects]) {
      const made = await attempt(() => new Manager(context, services));
      if (made instanceof UnifiedWebSocketManager) forged.push(made);
    }
    expect(forged.length).toBeGreaterThan(0);
    const outcomes = await callAll(forged.slice(0, 40), [[], [{ type: 'note', payload: {} }], [{ agentName: 'm' }]]);
    expect([...reachFrom(outcomes).texts].filter((text) => text.includes(SECRET))).toEqual([]);
  });

  it('methods taken off the class work on managers alone', async () => {
    const { mallory } = await aliceAndMallory();
    const impostors = [{}, { userId: 'alice' }, new Proxy(mallory, {}), Object.create(mallory) as object];
    for (const name of Reflect.ownKeys(UnifiedWebSocketManager.prototype)) {
      const descriptor = Object.getOwnPropertyDescriptor(UnifiedWebSocketManager.prototype, name) ?? {};
      const method: unknown = Reflect.get(descriptor, 'value') ?? Reflect.get(descriptor, 'get');
      if (name === 'constructor' || typeof method !== 'function') continue;
      for (const impostor of impostors) {
        const outcome = await attempt(() => Reflect.apply(method, impostor, [{ type: 'note', payload: {} }]));
        expect([name, outcome instanceof Error]).toEqual([name, true]);
      }
    }
  });
});

describe('a context that is not what it seems', () => {
  it('is read once: a manager is that of the user it names', async () => {
    const { hub } = await aliceAndMallory();
    let reads = 0;
    const shifty = {
      get userId() {
        reads += 1;
        return reads === 1 ? 'mallory' : 'alice';
      },
    };
    const manager = getWebSocketManager(shifty, hub);
    expect([manager.userId, reads]).toEqual(['mallory', 1]);
    expect(manager).toBe(hub.manager({ userId: 'mallory' }));
    let modes = 0;
    const isolated = {
      userId: 'mallory',
      threadId: 't1',
      get mode() {
        modes += 1;
        return modes === 1 ? ('isolated' as const) : ('unified' as const);
      },
    };
    expect(hub.manager(isolated).mode).toBe('isolated');
  });

  it.each([
    [{ userId: ['alice'] }],
    [{ userId: new String('alice') }],
    [{ userId: { toString: (): string => 'alice' } }],
    [{ userId: 'mallory alice' }],
    [{ userId: 'alice\u0000' }],
    [{ userId: 'alice\n' }],
    [{ userId: ' alice' }],
    [{ userId: 'alice\u00a0' }],
    [{ userId: 'a'.repeat(1_000) }],
    [{ userId: 'mallory', mode: 'isolated', threadId: 't1 x' }],
  ])('is refused: %j', async (context) => {
    const { hub } = await aliceAndMallory();
    expect(() => hub.manager(context as unknown as UserContext)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^INVALID_/) as string }),
    );
  });

  it('of a name that only looks the same is another user', async () => {
    const { hub, alice } = await aliceAndMallory();
    for (const userId of ['Alice', 'аlice', 'alice\u0301', 'alice.', '__proto__', 'constructor']) {
      const manager = hub.manager({ userId });
      expect(manager).not.toBe(alice);
      expect((await manager.history()).events).toEqual([]);
    }
  });
});

it('every export of the package is known to this test: one that is new has to be thought about', () => {
  const byKind = (kind: string): string[] =>
    [root, internal, log, observe, sockets]
      .flatMap((entry) => Object.entries<unknown>(entry))
      .filter(([, value]) => typeof value === kind)
      .map(([name]) => name)
      .sort();
  // Pure, or made by whoever holds the hub or the log, which are not reachable from a manager (above).
  expect(byKind('function')).toMatchInlineSnapshot(`
    [
      "Feeds",
      "Frame",
      "FrameGroup",
      "Hub",
      "InFlight",
      "MemoryEventLog",
      "UnifiedWebSocketManager",
      "WebSocketError",
      "attachWebSocket",
      "createHub",
      "getWebSocketManager",
      "isWebSocketError",
      "newEpochName",
      "offerDefaultHub",
      "parseStreamKey",
      "readUrlParameters",
      "refusalOf",
      "refuseWebSocket",
      "setDefaultHub",
      "streamKey",
      "withinBytes",
    ]
  `);
  expect(byKind('object')).toMatchInlineSnapshot(`
    [
      "DIAGNOSTIC_CHANNELS",
      "systemClock",
      "systemIds",
    ]
  `);
});
