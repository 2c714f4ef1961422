import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { setUp } from '../support/world.ts';

const message = (n: number): EventInput => ({ type: 'user_message', payload: { message_id: `m${n}`, text: 'Hello' } });

describe('what a hub says of itself', () => {
  it('counts sockets, connections, users, streams and runs', async () => {
    const world = setUp();
    await world.connected('alice');
    await world.connected('alice', { threads: ['t1'] });
    await world.connected('bob');
    world.accept({ authentication: { userId: 'carol' } });
    const run = await world.hub
      .manager({ userId: 'alice' })
      .startRun({ agentName: 'analyst', threadId: 't1', runId: 'r1' });
    await run.emit('tool_executing', { tool_call_id: 'c1', tool_name: 'search', args: {} });
    await world.clock.settle();
    const { totals, connections, streams } = world.hub.inspect();
    expect(totals).toEqual({
      sockets: 1,
      connections: { catching_up: 0, live: 3, lagging: 0 },
      users: 2,
      streams: 2,
      openRuns: 1,
      heldEvents: 0,
      bufferedBytes: 0,
      maxBehind: 0,
    });
    expect(connections.map(({ userId, threads }) => [userId, threads])).toEqual([
      ['alice', null],
      ['alice', ['t1']],
      ['bob', null],
    ]);
    expect(streams[0]).toMatchObject({ userId: 'alice', head: 2, oldest: 1, connections: 2 });
    expect(streams[0]?.openRuns).toEqual([
      {
        runId: 'r1',
        threadId: 't1',
        agentName: 'analyst',
        startedAt: world.clock.now(),
        tools: ['search'],
        approvals: 0,
      },
    ]);
    expect(streams[1]).toMatchObject({ userId: 'bob', openRuns: [] });
  });

  it('lists who is behind first, no more than was asked for, and of one user if asked', async () => {
    const world = setUp({ tuning: { outboundBudgetBytes: 500 } });
    for (const user of ['alice', 'bob', 'carol']) await world.connected(user);
    const slow = await world.connected('dave');
    slow.stall();
    for (let n = 0; n < 20; n += 1) await world.hub.manager({ userId: 'dave' }).emit(message(n));
    await world.clock.settle();
    await world.hub.manager({ userId: 'dave' }).emit(message(20));
    await world.clock.settle();
    const { connections, totals } = world.hub.inspect({ limit: 2 });
    expect(connections.map(({ userId, state }) => [userId, state])).toEqual([
      ['dave', 'lagging'],
      ['alice', 'live'],
    ]);
    const behind = connections[0]?.behind ?? 0;
    expect(behind).toBeGreaterThan(0);
    expect(behind).toBe(21 - (connections[0]?.sentOffset ?? 0));
    expect(totals).toMatchObject({ maxBehind: behind, users: 4, connections: { live: 3, lagging: 1 } });
    expect(totals.bufferedBytes).toBeGreaterThan(0);
    const ofBob = world.hub.inspect({ userId: 'bob' });
    expect(ofBob.connections.map(({ userId }) => userId)).toEqual(['bob']);
    expect(ofBob.streams.map(({ userId }) => userId)).toEqual(['bob']);
    expect(ofBob.totals).toEqual(totals);
    expect(world.hub.inspect({ limit: 0 })).toMatchObject({ connections: [], streams: [], totals });
  });

  it('counts a user of isolated threads once', async () => {
    const world = setUp();
    for (const isolatedThread of ['t1', 't2']) await world.connected('alice', {}, { isolatedThread });
    const { totals, streams } = world.hub.inspect();
    expect(totals).toMatchObject({ users: 1, streams: 2 });
    expect(streams.map(({ isolatedThread }) => isolatedThread)).toEqual(['t1', 't2']);
  });
});
