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
      .run({ agentName: 'a', runId: run_id })
      .started()
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
          onUserMessage: async ({ runId }, manager) => {
            started.set(manager.userId, [...(started.get(manager.userId) ?? []), runId]);
            const run = manager.run({ agentName: `agent of ${manager.userId}`, runId });
            await run.started().catch(() => undefined);
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
            const run = victim.run({ agentName: 'a', runId });
            await run.started();
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

  it('is built in: no method of a manager takes a user', () => {
    const names = Object.getOwnPropertyNames(UnifiedWebSocketManager.prototype).filter(
      (name) => name !== 'constructor',
    );
    const source = names.map((name) => {
      const value: unknown = Object.getOwnPropertyDescriptor(UnifiedWebSocketManager.prototype, name)?.value;
      return typeof value === 'function' ? String(value).split('{')[0] : '';
    });
    expect(source.join('\n')).not.toMatch(/user/i);
    expect(names.length).toBeLessThanOrEqual(15);
  });
});
