import { describe, expect, it } from 'vitest';
import { createHub } from '../../src/index.ts';
import { FakeClock, FakeSocket } from '../../src/testing.ts';

describe('mode emergency', () => {
  it('is entered by memory after two samples, left slowly, and told to clients', async () => {
    const clock = new FakeClock();
    let share = 0.5;
    const hub = createHub({ clock, tuning: { heapShare: () => share } });
    const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    socket.say({ type: 'hello' });
    await clock.settle();
    share = 0.95;
    await clock.advance(500);
    expect(hub.mode).toBe('unified');
    await clock.advance(500);
    expect(hub.mode).toBe('emergency');
    share = 0.85; // under the limit, not under the calm share of it
    await clock.advance(10_000);
    expect(hub.mode).toBe('emergency');
    share = 0.5;
    await clock.advance(2_500);
    expect(hub.mode).toBe('emergency');
    await clock.advance(1_000);
    expect(hub.mode).toBe('unified');
    const changes = socket.frames.filter((frame) => frame.type === 'mode_changed');
    expect(changes).toMatchObject([{ mode: 'emergency' }, { mode: 'unified' }]);
  });

  it('refuses new connections, joins text hard, and lets critical events pass at once', async () => {
    const clock = new FakeClock();
    const hub = createHub({ clock, tuning: { coalesceMs: 0 } });
    const manager = hub.manager({ userId: 'alice' });
    const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    socket.say({ type: 'hello' });
    await clock.settle();
    hub.shedLoad(true, 'by hand');
    expect(hub.refusal).toMatchObject({ code: 'OVERLOADED' });
    const refused = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'bob' } }));
    expect(refused.closedWith?.code).toBe(1013);

    const run = await manager.startRun({ agentName: 'a', runId: 'r1' });
    await clock.settle();
    expect(socket.frames.at(-1)).toMatchObject({ type: 'agent_started' });
    for (const delta of ['a', 'b', 'c']) {
      await run.write(delta);
      await clock.advance(50);
    }
    expect(socket.frames.at(-1)).toMatchObject({ type: 'agent_started' });
    await clock.advance(500);
    expect(socket.frames.at(-1)).toMatchObject({ type: 'agent_response_chunk', payload: { delta: 'abc' }, merged: 3 });
    hub.shedLoad(false, 'by hand');
    expect(hub.refusal).toBeUndefined();
    expect(hub.mode).toBe('unified');
  });
});
