import { describe, expect, it } from 'vitest';
import {
  createHub,
  MemoryEventLog,
  type FollowedItem,
  type FollowOptions,
  type UnifiedWebSocketManager,
} from '../../src/index.ts';
import { countingIds, FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    note: { text: string };
  }
}

function setUp(retention = {}) {
  const clock = new FakeClock();
  const log = new LogDoor(new MemoryEventLog());
  const hub = createHub({ clock, log, ids: countingIds(), retention });
  const manager = hub.manager({ userId: 'alice' });
  const say = async (text: string, thread_id = 't1') => manager.emit({ type: 'note', thread_id, payload: { text } });
  return { clock, log, hub, manager, say };
}

/** The text of a note, or the type of another event. */
function textOf({ event }: FollowedItem & { readonly kind: 'event' }): string {
  const { text } = event.payload;
  return typeof text === 'string' ? text : event.type;
}

/** Reads in the background, and keeps what it has read. */
function reader(manager: UnifiedWebSocketManager, options: FollowOptions) {
  const seen: string[] = [];
  const items: FollowedItem[] = [];
  const stop = new AbortController();
  const over = (async () => {
    for await (const item of manager.follow({ ...options, signal: stop.signal })) {
      items.push(item);
      seen.push(item.kind === 'event' ? textOf(item) : item.kind);
    }
  })();
  return { seen, items, over, stop: () => stop.abort() };
}

describe('following a stream', () => {
  it('gives what is kept and what comes, each once and in order', async () => {
    const { clock, manager, say } = setUp();
    await say('one');
    await say('two');
    const { seen, over, stop } = reader(manager, { from: 'earliest' });
    await clock.settle();
    expect(seen).toEqual(['one', 'two']);
    for (let n = 0; n < 500; n += 1) await say(`n${n}`);
    await clock.settle();
    expect(seen.slice(2)).toEqual(Array.from({ length: 500 }, (_, n) => `n${n}`));
    stop();
    await over;
  });

  it('begins at the end where nothing is said, or behind a position', async () => {
    const { clock, manager, say } = setUp();
    await say('one');
    const { epoch, offset } = await say('two');
    await say('three');
    const latest = reader(manager, {});
    const behind = reader(manager, { from: { epoch, offset } });
    await clock.settle();
    await say('four');
    await clock.settle();
    expect(latest.seen).toEqual(['four']);
    expect(behind.seen).toEqual(['three', 'four']);
  });

  it('gives the events of some threads, however many others come', async () => {
    const { clock, manager, say } = setUp();
    const { seen } = reader(manager, { from: 'earliest', threads: ['t2'] });
    for (let n = 0; n < 300; n += 1) await say(`other ${n}`);
    await say('mine', 't2');
    await clock.settle();
    expect(seen).toEqual(['mine']);
  });

  it('says reset where its position is no longer kept, with what open runs had come to', async () => {
    const { clock, manager, say } = setUp({ maxEvents: 10 });
    await manager.startRun({ agentName: 'analyst', runId: 'r1' });
    const { epoch } = await say('early');
    for (let n = 0; n < 600; n += 1) await say(`n${n}`);
    await clock.settle();
    const { seen, items } = reader(manager, { from: { epoch, offset: 1 } });
    await clock.settle();
    expect(seen.slice(0, 2)).toEqual(['reset', 'run_snapshot']);
    expect(items[1]).toMatchObject({ snapshot: { run_id: 'r1' } });
    expect(seen.at(-1)).toBe('n599');
    const other = reader(manager, { from: { epoch: 'another', offset: 1 } });
    await clock.settle();
    expect(other.seen[0]).toBe('reset');
  });

  it('delays no other while it is slow, and loses nothing that is kept', async () => {
    const { clock, manager, say } = setUp();
    const slow = manager.follow({ from: 'earliest' })[Symbol.asyncIterator]();
    await say('first');
    expect(await slow.next()).toMatchObject({ value: { event: { payload: { text: 'first' } } } });
    for (let n = 0; n < 1_000; n += 1) await say(`n${n}`);
    const texts: unknown[] = [];
    for (let n = 0; n < 1_000; n += 1) {
      const next = await slow.next();
      if (next.done !== true && next.value.kind === 'event') texts.push(textOf(next.value));
    }
    expect(texts).toEqual(Array.from({ length: 1_000 }, (_, n) => `n${n}`));
    await slow.return?.();
    await clock.settle();
  });

  it('waits while the log is away, and goes on when it is back', async () => {
    const { clock, log, manager, say } = setUp();
    await say('one');
    const { seen } = reader(manager, { from: 'earliest' });
    await clock.settle();
    log.goAway();
    const held = say('two');
    await clock.advance(3_000);
    expect(seen).toEqual(['one']);
    log.comeBack();
    await clock.advance(5_000);
    await held;
    await clock.settle();
    expect(seen).toEqual(['one', 'two']);
  });

  it('ends when it is aborted, when its loop is left, and when the hub is closed', async () => {
    const { clock, hub, manager, say } = setUp();
    const aborted = reader(manager, {});
    const closed = reader(manager, {});
    await clock.settle();
    aborted.stop();
    await aborted.over;
    await say('one');
    for await (const item of manager.follow({ from: 'earliest' })) {
      expect(item.kind).toBe('event');
      break;
    }
    const closing = hub.close();
    await clock.advance(5_000);
    await closing;
    await closed.over;
  });

  it('refuses a place that is none', () => {
    const { manager } = setUp();
    const from = 'oldest' as unknown as 'earliest';
    expect(() => manager.follow({ from })).toThrow(/from must be earliest, latest or a position/);
  });
});
