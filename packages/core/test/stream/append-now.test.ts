import { describe, expect, it } from 'vitest';
import { toUserId, WebSocketError, type EventInput, type StreamPosition } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { streamKey, type LogEvent, type NewLogEvent, type StreamKey } from '../../src/log.ts';
import { logEvent } from '../support/log-events.ts';
import { outcome, setUp, typesOf } from '../support/world.ts';

/** A log in memory that counts the ways it is written, and fails where it is told to. */
class CountingLog extends MemoryEventLog {
  atOnce = 0;
  readonly groups: number[] = [];
  fault: 'before' | 'after' | 'closed' | undefined;
  conflicts = 0;

  override append(...[key, events, ifHead]: Parameters<MemoryEventLog['append']>) {
    this.groups.push(events.length);
    return super.append(key, events, ifHead);
  }

  override appendNow(key: StreamKey, event: NewLogEvent, ifHead: StreamPosition) {
    const { fault } = this;
    this.fault = undefined;
    if (fault === 'closed') throw new WebSocketError('LOG_CLOSED', 'closed');
    if (fault === 'before') throw away();
    if (this.conflicts > 0) {
      this.conflicts -= 1;
      return undefined;
    }
    this.atOnce += 1;
    const offset = super.appendNow(key, event, ifHead);
    if (fault === 'after') throw away();
    return offset;
  }
}

const ALICE = streamKey(toUserId('alice'));
const away = () => new WebSocketError('LOG_UNAVAILABLE', 'away');
const thinking = (delta: string, more: object = {}): EventInput => ({
  type: 'agent_thinking',
  run_id: 'r1',
  payload: { delta },
  ...more,
});

async function running() {
  const log = new CountingLog();
  const world = setUp({ log, tuning: { coalesceMs: 0 } });
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
  await world.clock.settle();
  log.groups.length = 0;
  const kept = async (): Promise<readonly unknown[]> => {
    const { events } = await manager.history();
    return events.slice(1).map(({ offset, payload }) => [offset, Object.values(payload)[0]]);
  };
  return { ...world, log, manager, kept };
}

describe('a log that answers at once', () => {
  it('is written each event on its own at once, also those that are emitted in one go', async () => {
    const { manager, log, kept } = await running();
    await manager.emit(thinking('a'));
    const receipts = await Promise.all(Array.from('bcde', (text) => manager.emit(thinking(text))));
    expect(receipts.map(({ offset, duplicate }) => [offset, duplicate])).toEqual([3, 4, 5, 6].map((n) => [n, false]));
    expect([log.atOnce, log.groups]).toEqual([5, []]);
    expect(await kept()).toEqual(Array.from('abcde', (text, i) => [i + 2, text]));
  });

  it('keeps the order among events of every kind that nobody awaits', async () => {
    const { manager, log, kept } = await running();
    const call = { tool_call_id: 'c', tool_name: 't', args: {} };
    const emits = [
      manager.emit(thinking('a')),
      manager.emit({ type: 'tool_executing', run_id: 'r1', payload: call }),
      manager.emit(thinking('b', { event_id: 'given' })),
      manager.emitAll([thinking('c'), thinking('d')]),
      manager.emit(thinking('e')),
    ];
    await Promise.all(emits);
    expect(await kept()).toEqual(['a', 'c', 'b', 'c', 'd', 'e'].map((text, i) => [i + 2, text]));
    expect(log.atOnce).toBe(1);
  });

  it('has shown an event to connections before its emitter knows', async () => {
    const { manager, connected, clock } = await running();
    const tab = await connected('alice');
    void manager.emit(thinking('a'));
    await clock.settle();
    expect(typesOf(tab).at(-1)).toBe('agent_thinking');
  });

  it.each([
    ['belongs to no open run', { run_id: 'r9' }, 'RUN_NOT_OPEN'],
    ['names another thread than its run', { thread_id: 't9' }, 'RUN_THREAD_MISMATCH'],
  ])('is not written an event that %s', async (_what, more, code) => {
    const { manager, log, hub } = await running();
    expect(await outcome(manager.emit(thinking('a', more)))).toBe(code);
    expect([log.atOnce, hub.stats().refused]).toEqual([0, 1]);
  });

  it('that meets a conflict is written the long way', async () => {
    const { manager, log, kept } = await running();
    log.conflicts = 1;
    const { offset } = await manager.emit(thinking('a'));
    expect([offset, log.atOnce, log.groups, await kept()]).toEqual([2, 0, [1], [[2, 'a']]]);
  });

  it.each(['before', 'after'] as const)(
    'that is lost %s it has written has every event once when it is back',
    async (when) => {
      const { manager, log, kept, clock } = await running();
      log.fault = when;
      const emits = [manager.emit(thinking('a')), manager.emit(thinking('b'))];
      await clock.advance(1_000);
      const receipts = await Promise.all(emits);
      expect(receipts.map(({ offset }) => offset)).toEqual([2, 3]);
      expect(await kept()).toEqual([
        [2, 'a'],
        [3, 'b'],
      ]);
    },
  );

  it('that is closed lets its emitter know', async () => {
    const { manager, log, hub } = await running();
    log.fault = 'closed';
    expect(await outcome(manager.emit(thinking('a')))).toBe('LOG_CLOSED');
    expect(hub.stats().refused).toBe(1);
    expect((await manager.emit(thinking('b'))).offset).toBe(2);
  });

  it('tells its listeners of what it was written at once', () => {
    const log = new MemoryEventLog();
    const heard: LogEvent[] = [];
    log.subscribe(ALICE, (_epoch, events) => heard.push(...events));
    const { epoch } = log.head(ALICE);
    expect(log.appendNow(ALICE, logEvent(1, { type: 'note' }), { epoch, offset: 0 })).toBe(1);
    expect(log.appendNow(ALICE, logEvent(2, { type: 'note' }), { epoch, offset: 0 })).toBeUndefined();
    expect(log.appendNow(ALICE, logEvent(2, { type: 'note' }), { epoch: 'another', offset: 1 })).toBeUndefined();
    expect(heard.map(({ offset, eventId }) => [offset, eventId])).toEqual([[1, 'e1']]);
    log.close();
    expect(() => log.appendNow(ALICE, logEvent(3, { type: 'note' }), { epoch, offset: 1 })).toThrow('closed');
  });
});
