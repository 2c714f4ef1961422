import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp } from '../support/world.ts';

const IDLE_MS = 1_000;
const message: EventInput = { type: 'user_message', payload: { message_id: 'm', text: 'Hello' } };

/** A stream of three events that is in memory and about to be let go, on a log that begins to take its time. */
async function aboutToBeLetGo() {
  const door = new LogDoor(new MemoryEventLog());
  const world = setUp({ log: door, tuning: { streamIdleMs: IDLE_MS } });
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emitAll([message, message, message]);
  const { epoch } = await manager.position();
  let answer: () => void = () => undefined;
  door.delay = () => new Promise<void>((resolve) => (answer = resolve));
  const wait = async () => {
    await world.clock.advance(2 * IDLE_MS);
    door.delay = undefined;
    answer();
    await world.clock.settle();
  };
  return { ...world, manager, epoch, wait };
}

describe('a stream that nobody follows', () => {
  it('is let go after the idle time', async () => {
    const { hub, wait } = await aboutToBeLetGo();
    expect(hub.stats().streams).toBe(1);
    await wait();
    expect(hub.stats().streams).toBe(0);
  });

  it.each([
    ['ahead of what this process knows', 5],
    ['that may be trimmed by now', 1],
  ])('stays while a hello asks the log about a position %s', async (_what, offset) => {
    const { connect, epoch, wait } = await aboutToBeLetGo();
    const tab = connect('alice', { from: { epoch, offset } });
    await wait();
    const recovery = offset > 3 ? 'reset' : 'resumed';
    expect(tab.frames[0]).toMatchObject({ type: 'connection_ready', recovery, head_offset: 3 });
    expect(tab.closedWith).toBeUndefined();
  });

  it('stays while something is written to it, and is let go afterwards', async () => {
    const { hub, clock, manager, wait } = await aboutToBeLetGo();
    const emitted = manager.emit(message);
    await wait();
    expect(await emitted).toMatchObject({ offset: 4 });
    expect(hub.stats().streams).toBe(1);
    await clock.advance(2 * IDLE_MS);
    expect(hub.stats().streams).toBe(0);
  });

  it('stays while its history is read, and is let go afterwards', async () => {
    const { hub, clock, manager, wait } = await aboutToBeLetGo();
    const history = manager.history();
    await wait();
    expect(await history).toMatchObject({ oldestOffset: 1, headOffset: 3 });
    expect(hub.stats().streams).toBe(1);
    await clock.advance(2 * IDLE_MS);
    expect(hub.stats().streams).toBe(0);
  });
});
