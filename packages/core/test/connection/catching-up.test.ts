import { describe, expect, it } from 'vitest';
import { toUserId, WebSocketError, type EventInput } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { streamKey } from '../../src/log.ts';
import { EMPTY_CHECKPOINT, encodeCheckpoint } from '../../src/stream/checkpoint.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, setUp, typesOf } from '../support/world.ts';

const ALICE = streamKey(toUserId('alice'));
const EVENTS = 10;
const message = (text: string, thread_id?: string): EventInput => ({
  type: 'user_message',
  payload: { message_id: 'm', text },
  ...(thread_id === undefined ? {} : { thread_id }),
});

/** A stream of ten events, of which memory holds none: whoever resumes at its beginning reads the log. */
async function tenEvents(options: Parameters<typeof setUp>[0] = {}) {
  const log = new MemoryEventLog();
  const door = new LogDoor(log);
  const world = setUp({ ...options, log: door });
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emitAll(Array.from({ length: EVENTS }, (_, index) => message(String(index))));
  return { ...world, log, door, manager };
}

describe('a connection that reads the log', () => {
  it('is counted what it was sent', async () => {
    const { connected, clock, hub, manager } = await tenEvents({ tuning: { pageEvents: 4 } });
    const tab = await connected('alice', { from: 'earliest' });
    await connected('alice', { threads: ['t1'] });
    await manager.emitAll([message('a', 't1'), message('b', 't2')]);
    await clock.settle();
    expect(framesOf(tab, 'user_message')).toHaveLength(EVENTS + 2);
    expect(hub.stats().delivered).toBe(EVENTS + 3);
  });

  it('is closed with 1013 when everything before it was let go meanwhile, and then told reset', async () => {
    const { connect, clock, log, door, manager, errors } = await tenEvents();
    const tab = connect('alice', { from: 'earliest' });
    const read = door.read.bind(door);
    door.read = (...page) => {
      // Another process lets go between the position that was found good and the page.
      log.trim(ALICE, EVENTS, encodeCheckpoint({ ...EMPTY_CHECKPOINT, offset: EVENTS }));
      return read(...page);
    };
    await clock.settle();
    expect(typesOf(tab)).toEqual(['connection_ready']);
    expect([tab.closedWith?.code, errors]).toEqual([1013, []]);
    const { epoch } = await manager.position();
    const again = connect('alice', { from: { epoch, offset: 0 } });
    await clock.settle();
    expect(again.frames).toMatchObject([{ recovery: 'reset', offset: EVENTS }]);
  });

  it('is closed with 1013 when reading fails for good, which is told', async () => {
    const { connected, door, hub, errors } = await tenEvents();
    const damage = new WebSocketError('LOG_CORRUPT', 'damaged');
    door.read = () => Promise.reject(damage);
    const tab = await connected('alice', { from: 'earliest' });
    expect(typesOf(tab)).toEqual(['connection_ready']);
    expect([tab.closedWith?.code, errors, hub.mode]).toEqual([1013, [damage], 'unified']);
  });

  it('waits where it is while the log is away', async () => {
    const { connected, door, clock, hub, errors } = await tenEvents();
    door.read = () => Promise.reject(new WebSocketError('LOG_UNAVAILABLE', 'away'));
    const tab = await connected('alice', { from: 'earliest' });
    expect(hub.mode).toBe('degraded');
    Reflect.deleteProperty(door, 'read');
    await clock.advance(2_000);
    expect(framesOf(tab, 'user_message')).toHaveLength(EVENTS);
    expect([tab.closedWith, errors, hub.mode]).toEqual([undefined, [], 'unified']);
  });
});

describe('a connection that is gone while a page is read for it', () => {
  it('is sent nothing, and nothing is counted', async () => {
    const { connected, door, clock, hub } = await tenEvents();
    const read = door.read.bind(door);
    door.read = async (...page) => {
      await new Promise<void>((resolve) => clock.after(10, resolve));
      return read(...page);
    };
    const tab = await connected('alice', { from: 'earliest' });
    expect(hub.inspect().connections).toMatchObject([{ state: 'catching_up', behind: EVENTS }]);
    tab.cut();
    await clock.advance(100);
    expect([typesOf(tab), hub.stats().delivered]).toEqual([['connection_ready'], 0]);
  });

  it('is no reason to tell of a page that failed, as pages do when a hub closes its log', async () => {
    const { connected, door, clock, errors } = await tenEvents();
    door.read = async () => {
      await new Promise<void>((resolve) => clock.after(10, resolve));
      throw new WebSocketError('LOG_CLOSED', 'closed');
    };
    const tab = await connected('alice', { from: 'earliest' });
    tab.cut();
    await clock.advance(100);
    expect(errors).toEqual([]);
  });
});

describe('a connection that asked for threads and catches up', () => {
  it('is told that it is at the head where it does not see it, and not again when it is live', async () => {
    const { connected, clock, manager } = await tenEvents();
    await manager.emitAll([message('a', 't1'), message('b', 't2')]);
    const { epoch } = await manager.position();
    const tab = await connected('alice', { threads: ['t1'], from: { epoch, offset: EVENTS } });
    expect(tab.frames.slice(1)).toMatchObject([{ offset: 11 }, { type: 'caught_up', offset: 11 }]);
    const { writes } = tab;
    await manager.emit(message('c', 't2'));
    await clock.settle();
    expect([tab.writes, tab.frames.length]).toEqual([writes, 3]);
  });

  it('is told nothing more where it sees the head', async () => {
    const { connected, manager } = await tenEvents();
    await manager.emitAll([message('a', 't2'), message('b', 't1')]);
    const { epoch } = await manager.position();
    const tab = await connected('alice', { threads: ['t1'], from: { epoch, offset: EVENTS } });
    expect(typesOf(tab)).toEqual(['connection_ready', 'user_message']);
  });
});
