import { FakeSocket } from '@ws/core/testing';
import { describe, expect, it } from 'vitest';
import { withLegacyEvents, type LegacyShape } from '../../src/index.ts';
import { LegacySocketDouble } from '../support/legacy-socket.ts';
import { legacyWorld, type LegacyWorld } from '../support/legacy-world.ts';
import { quietWarnings } from '../support/quiet-warnings.ts';

quietWarnings();

async function connect(
  { manager, clock }: LegacyWorld,
  shape: LegacyShape,
  hello: object = {},
): Promise<LegacySocketDouble> {
  const socket = new LegacySocketDouble();
  const session = manager.attach(withLegacyEvents(socket, shape));
  session.receive(JSON.stringify({ type: 'hello', ...hello }));
  await clock.settle();
  return socket;
}

async function runAgent({ manager, clock }: LegacyWorld, threadId = 't1'): Promise<void> {
  const run = await manager.startRun({ agentName: 'analyst', threadId, task: 'count' });
  await run.think('Hm');
  await run.tool('search', { q: 1 }, () => ({ hits: 2 }));
  await run.complete({ finalResponse: 'Two.' });
  await clock.advance(100);
}

describe('a connection with legacyEvents', () => {
  it.each(['flat', 'payload', 'data'] as const)('gets all five events in shape %s', async (shape) => {
    const world = legacyWorld();
    const socket = await connect(world, shape);
    await runAgent(world);
    expect(socket.received[0]).toMatchObject({ type: 'connection_ready', user_id: 'alice' });
    expect(socket.events.map(({ type }) => type)).toEqual([
      'agent_started',
      'agent_thinking',
      'tool_executing',
      'tool_completed',
      'agent_completed',
    ]);
    for (const event of socket.events) {
      expect(event).not.toHaveProperty('offset');
      if (shape !== 'payload') expect(event).toMatchObject({ user_id: 'alice' });
      if (shape === 'data') expect(event).toMatchObject({ agent_name: 'analyst' });
    }
  });

  it('has connections beside it that get the protocol as it is', async () => {
    const world = legacyWorld();
    const modern = FakeSocket.open((it) => world.manager.attach(it));
    modern.say({ type: 'hello' });
    const legacy = await connect(world, 'payload');
    await runAgent(world);
    const offsets = modern.frames.flatMap((frame) => ('offset' in frame && 'event_id' in frame ? frame.offset : []));
    expect(offsets).toEqual([1, 2, 3, 4, 5]);
    expect(legacy.events).toHaveLength(5);
  });

  it('knows the agent of a run that began before it', async () => {
    const world = legacyWorld();
    const run = await world.manager.startRun({ agentName: 'analyst' });
    const socket = await connect(world, 'data');
    await run.think('Hm');
    await world.clock.advance(100);
    expect(socket.events).toMatchObject([{ type: 'agent_thinking', agent_name: 'analyst', data: { reasoning: 'Hm' } }]);
  });

  it('resumes, filters threads and takes batches as any other', async () => {
    const world = legacyWorld();
    await runAgent(world, 't1');
    await runAgent(world, 't2');
    const socket = await connect(world, 'flat', { from: 'earliest', threads: ['t2'], batch: true });
    await world.clock.advance(100);
    expect(socket.events.map((event) => event['thread_id'])).toEqual(['t2', 't2', 't2', 't2', 't2']);
  });

  it('passes on ping, close and termination', async () => {
    const { manager } = legacyWorld();
    const socket = new LegacySocketDouble();
    const wrapped = withLegacyEvents(socket, 'flat');
    manager.attach(wrapped);
    socket.bufferedBytes = 7;
    expect(wrapped.bufferedBytes).toBe(7);
    wrapped.ping();
    wrapped.close(1000, 'bye');
    wrapped.terminate();
    expect([socket.pings, socket.closedWith]).toEqual([1, { code: 1000, reason: 'bye' }]);
  });
});
