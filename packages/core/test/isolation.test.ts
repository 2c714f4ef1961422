import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { UnifiedWebSocketManager } from '../src/index.ts';
import type { FakeSocket } from '../src/testing.ts';
import { setUp, type World } from './support/world.ts';

const USERS = ['u1', 'u2', 'u3', 'u4'];
const user = fc.constantFrom(...USERS);
// The ids that everybody uses, and those that an attacker would try.
const id = fc.constantFrom('r1', 'm1', 'run-m1', 'c1', 'u1', 'u2', 't1');

type Attack = (world: World, userId: string, socket: FakeSocket) => unknown;

const emit =
  (event: EventInput): Attack =>
  async ({ hub }, userId) => {
    await hub
      .manager({ userId })
      .emit(event)
      .catch(() => undefined);
  };
const say =
  (frame: object): Attack =>
  (_world, _userId, socket) =>
    socket.say(frame);

const attack: fc.Arbitrary<Attack> = fc.oneof(
  id.map((run_id) => emit({ type: 'agent_started', run_id, payload: { agent_name: 'a' } })),
  fc
    .tuple(id, id)
    .map(([run_id, thread_id]) => emit({ type: 'agent_started', run_id, thread_id, payload: { agent_name: 'a' } })),
  id.map((run_id) => emit({ type: 'agent_thinking', run_id, payload: { delta: 'x' } })),
  fc.tuple(id, id).map(([run_id, tool_call_id]) =>
    emit({
      type: 'tool_approval_requested',
      run_id,
      payload: { tool_call_id, tool_name: 't', args: 1, expires_at: 1 },
    }),
  ),
  fc
    .tuple(id, id)
    .map(([event_id, text]) => emit({ type: 'user_message', event_id, payload: { message_id: 'm', text } })),
  id.map(
    (run_id): Attack =>
      async ({ hub }, userId) =>
        void (await hub
          .manager({ userId })
          .cancelRun(run_id)
          .catch(() => undefined)),
  ),
  id.map(
    (run_id): Attack =>
      async ({ hub }, userId) =>
        void (await hub.manager({ userId }).interruptRun(run_id)),
  ),
  id.map((run_id): Attack => async ({ hub }, userId) => {
    await hub
      .manager({ userId })
      .startRun({ agentName: 'a', runId: run_id })
      .catch(() => undefined);
  }),
  id.map((message_id) => say({ type: 'user_message', message_id, payload: { text: 'hi' } })),
  fc
    .tuple(id, id, user)
    .map(([message_id, thread_id, user_id]) =>
      say({ type: 'user_message', message_id, thread_id, user_id, payload: { text: 'hi', user_id } }),
    ),
  id.map((run_id) => say({ type: 'cancel_run', run_id })),
  fc
    .tuple(id, id)
    .map(([run_id, tool_call_id]) => say({ type: 'tool_approval', run_id, tool_call_id, approved: true })),
  fc.nat(50).map((offset) => say({ type: 'ack', offset })),
);

describe('isolation of users', () => {
  it('holds for any public calls and any frames: nobody ever gets a frame of another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(user, attack), { minLength: 5, maxLength: 40 }), async (steps) => {
        const started = new Map<string, string[]>();
        const world = setUp({
          onUserMessage: async ({ runId, manager }) => {
            started.set(manager.userId, [...(started.get(manager.userId) ?? []), runId]);
            await manager.startRun({ agentName: `agent of ${manager.userId}`, runId }).catch(() => undefined);
          },
        });
        const sockets = new Map(USERS.map((userId) => [userId, world.connect(userId)]));
        await world.clock.settle();
        for (const [userId, step] of steps) {
          const socket = sockets.get(userId);
          if (socket !== undefined) await step(world, userId, socket);
          await world.clock.settle();
        }
        await world.clock.advance(3_000);
        for (const [userId, socket] of sockets) {
          // What a user has on screen is what this user's log holds, and only this user's steps wrote to it.
          const { events } = await world.hub.manager({ userId }).history({ limit: 1_000 });
          const own = new Set(events.map(({ event_id }) => event_id));
          const seen = socket.frames.flatMap((frame) => ('payload' in frame ? [frame.event_id] : []));
          for (const eventId of seen) expect(own).toContain(eventId);
          if (steps.every(([who]) => who !== userId)) expect([events, socket.frames.length]).toEqual([[], 1]);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('holds for what one user does to runs of the same names: the others do not notice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(attack, { minLength: 1, maxLength: 20 }), async (steps) => {
        const world = setUp({ onUserMessage: () => undefined });
        const victim = world.hub.manager({ userId: 'victim' });
        const runs = await Promise.all(
          ['r1', 'm1', 'run-m1', 'c1', 'u1', 'u2', 't1'].map(async (runId) => {
            const run = await victim.startRun({ agentName: 'a', runId });
            return run;
          }),
        );
        const before = await victim.history({ limit: 1_000 });
        const socket = await world.connected('attacker');
        for (const step of steps) {
          await step(world, 'attacker', socket);
          await world.clock.advance(100);
        }
        await world.clock.advance(20_000);
        expect(await victim.history({ limit: 1_000 })).toEqual(before);
        expect(runs.some((run) => run.signal.aborted || run.ended)).toBe(false);
      }),
      { numRuns: 100 },
    );
  });

  it('holds for whatever a hello says, and whatever frame comes instead of one', async () => {
    const value = fc.constantFrom<unknown>('alice', 't-alice', 0, 1, true, null, ['t-alice'], { userId: 'alice' });
    const claims = fc.dictionary(
      fc.constantFrom('user_id', 'userId', 'stream', 'token', 'isolated', '__proto__'),
      value,
    );
    const hello = fc.record(
      {
        type: fc.constantFrom('hello', 'hello', 'hello', 'auth', 'user_message', 'connection_ready', 'agent_started'),
        from: fc.oneof(
          fc.constantFrom('earliest', 'latest'),
          fc.record({ epoch: fc.constant('EPOCH'), offset: fc.nat(9) }),
        ),
        resume: fc.record({ epoch: fc.constantFrom('EPOCH', ''), offset: fc.nat(9) }, { requiredKeys: ['offset'] }),
        threads: fc.subarray(['t-alice', 't1']),
        batch: fc.boolean(),
      },
      { requiredKeys: ['type'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(hello, claims), { minLength: 1, maxLength: 5 }), async (frames) => {
        const world = setUp();
        const run = await world.hub.manager({ userId: 'alice' }).startRun({ agentName: 'secret', threadId: 't-alice' });
        const { epoch } = await world.hub.manager({ userId: 'alice' }).position();
        const socket = world.accept({ authentication: { userId: 'mallory' } });
        for (const [frame, claimed] of frames) {
          socket.session.receive(JSON.stringify({ ...frame, ...claimed }).replaceAll('EPOCH', epoch));
          await world.clock.settle();
        }
        await run.write('secret');
        await world.clock.advance(100);
        expect(socket.messages.join('')).not.toMatch(/secret|t-alice"/);
        const ready = socket.frames.find((frame) => frame.type === 'connection_ready');
        if (ready !== undefined) expect(ready).toMatchObject({ user_id: 'mallory', head_offset: 0, open_runs: [] });
      }),
      { numRuns: 150 },
    );
  });

  it('holds for an isolated thread: it neither sees nor changes what else its user has, nor the other way round', async () => {
    const world = setUp();
    const whole = world.hub.manager({ userId: 'alice' });
    const bound = world.hub.manager({ userId: 'alice', threadId: 't1', mode: 'isolated' });
    const [tab, boundTab] = [
      await world.connected('alice'),
      await world.connected('alice', { threads: ['t1'] }, { isolatedThread: 't1' }),
    ];
    const run = await whole.startRun({ agentName: 'outside', runId: 'r1', threadId: 't1' });
    const inner = await bound.startRun({ agentName: 'inside', runId: 'r1' });
    await inner.fail('given up');
    await world.clock.advance(100);
    expect([run.ended, inner.ended]).toEqual([false, true]);
    expect(tab.messages.join('')).not.toContain('inside');
    expect(boundTab.messages.join('')).not.toContain('outside');
    const strange = { type: 'agent_started', run_id: 'r2', thread_id: 't2', payload: { agent_name: 'a' } } as const;
    await expect(bound.emit(strange)).rejects.toMatchObject({ code: 'ISOLATION_VIOLATION' });
    const elsewhere = await world.connected('alice', { threads: ['t2'] }, { isolatedThread: 't1' });
    expect(elsewhere.closedWith?.code).toBe(4503);
  });

  it('is built in: no method of a manager takes a user', () => {
    const names = Object.getOwnPropertyNames(UnifiedWebSocketManager.prototype).filter(
      (name) => name !== 'constructor',
    );
    const source = names.map((name) => {
      const value: unknown = Object.getOwnPropertyDescriptor(UnifiedWebSocketManager.prototype, name)?.value;
      return typeof value === 'function' ? String(value).split('{')[0] : '';
    });
    expect(source.join('\n')).not.toMatch(/user/i);
    expect(names.length).toBeLessThanOrEqual(17);
  });
});
