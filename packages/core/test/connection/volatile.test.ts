import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import type { FakeSocket } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { setUp } from '../support/world.ts';

const BUDGET = 2_000;
const started: EventInput = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } };
const thinking = (delta: string): EventInput => ({ type: 'agent_thinking', run_id: 'r1', payload: { delta } });
const message = (text: string, thread_id?: string): EventInput => ({
  type: 'user_message',
  payload: { message_id: 'm', text },
  ...(thread_id === undefined ? {} : { thread_id }),
});

/** A user with one connection, and a log that can go away. */
async function following(options: Parameters<typeof setUp>[0] = {}, hello: object = {}) {
  const door = new LogDoor(new MemoryEventLog());
  const world = setUp({ log: door, ...options, tuning: { outboundBudgetBytes: BUDGET, ...options.tuning } });
  const tab = await world.connected('alice', hello);
  const manager = world.hub.manager({ userId: 'alice' });
  /** Emits what the log can't take, and lets the connections hear of it. */
  const hold = async (event: EventInput): Promise<void> => {
    door.goAway();
    void manager.emit(event);
    await world.clock.settle();
  };
  return { ...world, door, tab, manager, hold };
}

/** Offsets of the events a socket was sent, and texts of those that had none. */
const shownTo = (tab: FakeSocket): unknown[] =>
  tab.frames.flatMap((frame) => ('payload' in frame ? [frame.offset ?? frame.payload['text']] : []));

describe('events that wait for the log', () => {
  it('are shown at once, one like the other', async () => {
    const { tab, hold } = await following();
    await hold(message('a'));
    expect(shownTo(tab)).toEqual(['a']);
    await hold(message('b'));
    expect(shownTo(tab)).toEqual(['a', 'b']);
  });

  it('are not shown in front of what a connection has yet to read from the log', async () => {
    const { tab, door, manager, clock, hold } = await following({ tuning: { tailEvents: 2 } });
    await manager.emit(started);
    await clock.settle();
    await manager.emitAll(Array.from('abcde', (text) => thinking(text)));
    const read = door.read.bind(door);
    door.read = async (...page) => {
      await new Promise<void>((resolve) => clock.after(1_000, resolve));
      return read(...page);
    };
    // The coalescing window closes, and memory does not reach back to where the connection stands.
    await clock.advance(25);
    await hold(message('held'));
    expect(shownTo(tab)).toEqual([1]);
    door.comeBack();
    await clock.advance(3_000);
    expect(shownTo(tab)).toEqual([1, 6, 7]);
  });

  it('are not shown to a connection that was not served yet: their numbered copies follow', async () => {
    const { door, manager, connect, clock, hold } = await following();
    await manager.emit(message('a'));
    const late = connect('alice', { from: 'earliest' });
    // A turn in which the connection is opened; the delivery tick has not come.
    await new Promise((resolve) => setImmediate(resolve));
    expect(manager.connections.map(({ state }) => state)).toEqual(['live', 'catching_up']);
    await hold(message('b'));
    expect(shownTo(late)).toEqual([1]);
    door.comeBack();
    await clock.advance(2_000);
    expect(shownTo(late)).toEqual([1, 2]);
  });

  it('are not shown to a connection that has used up its budget', async () => {
    const { tab, hold } = await following();
    await hold(message('a'));
    tab.bufferedBytes = BUDGET;
    await hold(message('b'));
    tab.bufferedBytes = BUDGET - 1;
    await hold(message('c'));
    expect(shownTo(tab)).toEqual(['a', 'c']);
  });

  it('cause no write where they are not in view', async () => {
    const { tab, hold } = await following({}, { threads: ['t1'] });
    await hold(message('a', 't1'));
    const { writes } = tab;
    await hold(message('b', 't2'));
    expect([tab.writes, shownTo(tab)]).toEqual([writes, ['a']]);
  });
});
