import { describe, expect, it } from 'vitest';
import { createHub } from '../src/index.ts';
import { FakeClock, FakeSocket } from '../src/testing.ts';

async function setUp() {
  const clock = new FakeClock();
  const timings: string[] = [];
  const hub = createHub({ clock, onTiming: (name) => timings.push(name) });
  const manager = hub.manager({ userId: 'alice' });
  const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
  socket.say({ type: 'hello' });
  await clock.settle();
  return { clock, hub, manager, socket, timings };
}

const started = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } } as const;

describe('confirmed delivery', () => {
  it('resolves when a connection acknowledged the offset', async () => {
    const { clock, manager, socket, timings } = await setUp();
    const emitted = manager.emit(started, { confirm: {} });
    await clock.advance(100);
    expect(manager.deliveredOffset).toBe(0);
    socket.say({ type: 'ack', offset: 1 });
    expect(await emitted).toMatchObject({ offset: 1, confirmed: true });
    expect(manager.deliveredOffset).toBe(1);
    expect(timings).toEqual(['open', 'append', 'delivery', 'confirm']);
  });

  it('says so when nobody acknowledged in time', async () => {
    const { clock, manager } = await setUp();
    const emitted = manager.emit(started, { confirm: { timeoutMs: 1_000 } });
    await clock.advance(1_500);
    expect(await emitted).toMatchObject({ offset: 1, confirmed: false });
  });

  it('does not believe an acknowledgement of what was never sent', async () => {
    const { clock, manager, socket } = await setUp();
    socket.say({ type: 'ack', offset: 999 });
    expect(manager.deliveredOffset).toBe(0);
    const emitted = manager.emit(started, { confirm: { timeoutMs: 1_000 } });
    await clock.advance(2_000);
    expect(await emitted).toMatchObject({ confirmed: false });
  });

  it('does not take the word of a connection that does not see the event', async () => {
    const { clock, manager, hub } = await setUp();
    const filtered = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    filtered.say({ type: 'hello', threads: ['t1'] });
    await clock.settle();
    const emitted = manager.emit({ ...started, thread_id: 't2' }, { confirm: { timeoutMs: 1_000 } });
    const note = { type: 'user_message', thread_id: 't1', payload: { message_id: 'm', text: 'hi' } } as const;
    await manager.emit(note);
    await clock.advance(100);
    filtered.say({ type: 'ack', offset: 2 });
    await clock.advance(2_000);
    expect(await emitted).toMatchObject({ confirmed: false });
  });
});
