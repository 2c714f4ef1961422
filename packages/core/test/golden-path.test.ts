import { describe, expect, it } from 'vitest';
import { createHub, getWebSocketManager, MemoryEventLog } from '../src/index.ts';
import { countingIds, FakeClock, FakeSocket } from '../src/testing.ts';

function setUp() {
  const clock = new FakeClock();
  const log = new MemoryEventLog();
  const hub = createHub({ clock, log, ids: countingIds() });
  const connect = (userId: string, hello: object = {}) => {
    const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId } }));
    socket.say({ type: 'hello', ...hello });
    return socket;
  };
  return { clock, log, hub, connect };
}

describe('the golden path', () => {
  it('carries the five events of a run to the user, in order, and to nobody else', async () => {
    const { clock, hub, connect } = setUp();
    const alice = connect('alice');
    const bob = connect('bob');
    await clock.settle();

    const run = await getWebSocketManager({ userId: 'alice' }, hub).startRun({
      agentName: 'analyst',
      threadId: 't1',
      task: 'count',
    });
    await run.think('Look');
    await run.tool('count_lines', { path: 'a.ts' }, () => ({ lines: 3 }));
    await run.complete({ finalResponse: 'three' });
    await clock.advance(100);

    expect(alice.frames.map((frame) => frame.type)).toEqual([
      'connection_ready',
      'agent_started',
      'agent_thinking',
      'tool_executing',
      'tool_completed',
      'agent_completed',
    ]);
    expect(alice.frames.slice(1).map((frame) => 'offset' in frame && frame.offset)).toEqual([1, 2, 3, 4, 5]);
    expect(bob.frames.map((frame) => frame.type)).toEqual(['connection_ready']);
  });

  it('resumes after a reconnect without gap or double', async () => {
    const { clock, hub, connect } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
    await manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'x' } });
    const { epoch } = await manager.position();
    const socket = connect('alice', { from: { epoch, offset: 1 } });
    await clock.settle();
    expect(socket.frames[0]).toMatchObject({
      type: 'connection_ready',
      recovery: 'resumed',
      offset: 1,
      head_offset: 2,
    });
    expect(socket.frames.slice(1)).toMatchObject([{ type: 'agent_thinking', offset: 2 }]);
  });
});
