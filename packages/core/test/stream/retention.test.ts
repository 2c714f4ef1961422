import { describe, expect, it } from 'vitest';
import { foldRunEvent, isWebSocketError, toUserId, WebSocketError, type EventInput, type RunState } from '@ws/types';
import { MemoryEventLog, type EventLog, type HubOptions } from '../../src/index.ts';
import { streamKey } from '../../src/log.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { framesOf, outcome, setUp, typesOf } from '../support/world.ts';

const KEEP = { maxEvents: 4 };
const started = (run_id: string, more: object = {}): EventInput => ({
  type: 'agent_started',
  run_id,
  payload: { agent_name: `agent ${run_id}` },
  ...more,
});
const completed = (run_id: string): EventInput => ({
  type: 'agent_completed',
  run_id,
  payload: { status: 'completed', duration_ms: 1 },
});
const thinking = (delta: string, run_id = 'r1'): EventInput => ({ type: 'agent_thinking', run_id, payload: { delta } });

async function trimmed() {
  const world = setUp({ retention: KEEP });
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emitAll([started('r1', { thread_id: 't1' }), started('r2', { thread_id: 't2' })]);
  const call = { tool_call_id: 'c1', tool_name: 'read', args: { n: 1 } };
  await manager.emit({ type: 'tool_executing', run_id: 'r1', payload: call });
  await manager.emit({ type: 'agent_completed', run_id: 'r2', payload: { status: 'completed', duration_ms: 1 } });
  for (const text of 'abcdefgh') {
    await manager.emit(thinking(text));
    await world.clock.settle();
  }
  const { epoch } = await manager.position();
  return { ...world, manager, epoch };
}

describe('a position that is no longer kept', () => {
  it('is told reset, gets the open runs as snapshots, and then the stream from the oldest event', async () => {
    const { connected, epoch } = await trimmed();
    const tab = await connected('alice', { from: { epoch, offset: 2 } });
    expect(tab.frames[0]).toMatchObject({ recovery: 'reset', offset: 8, oldest_offset: 9, head_offset: 12 });
    expect(framesOf(tab, 'run_snapshot')).toEqual([
      {
        type: 'run_snapshot',
        run_id: 'r1',
        thread_id: 't1',
        offset: 8,
        state: {
          agent_name: 'agent r1',
          status: 'running',
          thinking: 'abcd',
          response: '',
          tools: [{ tool_call_id: 'c1', tool_name: 'read', args: { n: 1 }, status: 'executing' }],
        },
      },
    ]);
    expect(tab.frames.slice(2)).toMatchObject([{ offset: 12, prev: 8, merged: 4, payload: { delta: 'efgh' } }]);
  });

  it('ends in the state of one who saw every event', async () => {
    const { connected, epoch, manager, clock } = await trimmed();
    const tab = await connected('alice', { from: { epoch, offset: 2 } });
    const result = { tool_call_id: 'c1', tool_name: 'read', success: true, result: 7, duration_ms: 1 };
    await manager.emit({ type: 'tool_completed', run_id: 'r1', payload: result });
    await clock.advance(50);
    const [snapshot] = tab.frames.flatMap((frame) => ('state' in frame ? [frame.state] : []));
    const events = tab.frames.flatMap((frame) => ('payload' in frame ? [frame] : []));
    expect(events.reduce<RunState | undefined>(foldRunEvent, snapshot)).toEqual({
      agent_name: 'agent r1',
      status: 'running',
      thinking: 'abcdefgh',
      response: '',
      tools: [
        { tool_call_id: 'c1', tool_name: 'read', args: { n: 1 }, status: 'completed', result: 7, duration_ms: 1 },
      ],
    });
  });

  it('shows snapshots of the threads in view only', async () => {
    const { connected, epoch } = await trimmed();
    const tab = await connected('alice', { from: { epoch, offset: 2 }, threads: ['t2'] });
    expect(framesOf(tab, 'run_snapshot')).toEqual([]);
    expect(tab.frames[0]).toMatchObject({ recovery: 'reset', open_runs: [] });
  });

  it('gets no snapshots where the position is kept, or none was asked for', async () => {
    const { connected, epoch } = await trimmed();
    for (const hello of [{}, { from: { epoch, offset: 8 } }]) {
      expect(typesOf(await connected('alice', hello))).not.toContain('run_snapshot');
    }
  });
});

describe('letting go of events', () => {
  it('keeps the rules of runs whose beginning is gone, also in a new process', async () => {
    const { log, manager } = await trimmed();
    expect(await outcome(manager.emit(started('r1')))).toBe('RUN_ALREADY_STARTED');
    const next = setUp({ log: new LogDoor(log), retention: KEEP }).hub.manager({ userId: 'alice' });
    expect(await outcome(next.emit(started('r1')))).toBe('RUN_ALREADY_STARTED');
    expect(await outcome(next.emit(thinking('x', 'r2')))).toBe('RUN_ALREADY_COMPLETED');
    expect(
      await outcome(
        next.emit({ type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } }),
      ),
    ).toBe('TOOL_CALLS_OPEN');
    expect(await outcome(next.emit(thinking('x')))).toBe('ok');
  });

  it('that fails is reported, and tried again later', async () => {
    const door = new LogDoor(new MemoryEventLog());
    const { hub, clock, errors } = setUp({ log: door, retention: KEEP });
    const manager = hub.manager({ userId: 'alice' });
    const trim = door.trim.bind(door);
    door.trim = () => {
      throw new Error('busy');
    };
    await manager.emit(started('r1'));
    for (const text of 'abcdefgh') await manager.emit(thinking(text));
    await clock.settle();
    expect(errors).not.toEqual([]);
    door.trim = trim;
    for (const text of 'ijklmnop') await manager.emit(thinking(text));
    await clock.settle();
    expect((await manager.history()).events.length).toBeLessThanOrEqual(2 * KEEP.maxEvents);
  });

  it('begins when an eighth of what is kept was appended, however few events that are', async () => {
    const { hub, clock } = setUp({ retention: { maxBytes: 100_000 } });
    const manager = hub.manager({ userId: 'alice' });
    const large: EventInput = {
      type: 'user_message',
      payload: { message_id: 'm', text: 'x'.repeat(10_000) },
    };
    for (let n = 0; n < 40; n += 1) {
      await manager.emit(large);
      await clock.settle();
    }
    const { oldestOffset } = await manager.history({ limit: 1 });
    expect(oldestOffset).toBeGreaterThanOrEqual(40 - 11);
  });

  it('in one process does not keep the other from it', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const [a, b] = [1, 2].map(() =>
      setUp({ log: new LogDoor(log), clock, retention: KEEP }).hub.manager({ userId: 'alice' }),
    );
    await b?.position();
    await a?.emit(started('r1'));
    for (const text of 'abcdefghij') await a?.emit(thinking(text));
    await clock.settle();
    for (const text of 'klmnopqrstuvwxyz') await b?.emit(thinking(text));
    await clock.settle();
    expect((await a?.history({ limit: 100 }))?.events.length).toBeLessThanOrEqual(2 * KEEP.maxEvents);
    const next = setUp({ log: new LogDoor(log), clock, retention: KEEP }).hub.manager({ userId: 'alice' });
    expect(await outcome(next.emit(started('r1')))).toBe('RUN_ALREADY_STARTED');
  });

  it('in one process is noticed by the other: no checkpoint is lost, and a lost position is told', async () => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const [a, b] = [
      setUp({ log: new LogDoor(log), clock, retention: KEEP }),
      setUp({ log: new LogDoor(log), clock, retention: KEEP }),
    ];
    const [alicesA, alicesB] = [a.hub.manager({ userId: 'alice' }), b.hub.manager({ userId: 'alice' })];
    await alicesB.position();
    await alicesA.emit(started('r1'));
    for (const text of 'abcdefghij') await alicesA.emit(thinking(text));
    await clock.settle();

    const { epoch } = await alicesB.position();
    const tab = await b.connected('alice', { from: { epoch, offset: 1 } });
    expect(tab.frames[0]).toMatchObject({ recovery: 'reset' });
    expect(framesOf(tab, 'run_snapshot')).toMatchObject([{ run_id: 'r1', state: { agent_name: 'agent r1' } }]);

    for (const text of 'klmnopqrst') await alicesB.emit(thinking(text));
    await clock.settle();
    const third = setUp({ log: new LogDoor(log), clock, retention: KEEP });
    const late = await third.connected('alice', { from: 'earliest' });
    const [state] = late.frames.flatMap((frame) => ('state' in frame ? [frame.state] : []));
    const events = late.frames.flatMap((frame) => ('payload' in frame ? [frame] : []));
    expect(events.reduce<RunState | undefined>(foldRunEvent, state)?.thinking).toBe('abcdefghijklmnopqrst');
  });
});

describe('events that are too old', () => {
  const SECOND = 1_000;
  const AGE = { retention: { maxAgeMs: 20 * SECOND }, tuning: { heartbeatMs: 1_000 * SECOND } };
  const oldestOf = (log: EventLog, user: string): unknown => Reflect.get(log.head(streamKey(toUserId(user))), 'oldest');

  function users(options: HubOptions & { clock?: FakeClock } = {}) {
    const world = setUp({ ...AGE, ...options });
    return { ...world, manager: (userId: string) => world.hub.manager({ userId }) };
  }

  it('go when their stream is loaded, before a position in it is judged', async () => {
    const { log, manager, clock } = users();
    await manager('alice').emitAll([started('r1'), thinking('old')]);
    await clock.advance(10 * SECOND);
    await manager('alice').emit(thinking('young'));
    const { epoch } = await manager('alice').position();
    await clock.advance(9 * SECOND);

    // Another process, right after the first two have become too old: no sweep has come by.
    const next = users({ clock: new FakeClock(clock.now() + 2 * SECOND), log: new LogDoor(log) });
    const back = await next.connected('alice', { from: { epoch, offset: 0 } });
    expect(back.frames[0]).toMatchObject({ recovery: 'reset', offset: 2, oldest_offset: 3 });
    expect(framesOf(back, 'run_snapshot')).toMatchObject([{ run_id: 'r1', state: { thinking: 'old' } }]);
    expect(back.frames.at(-1)).toMatchObject({ offset: 3, payload: { delta: 'young' } });
  });

  it('stay for those who load their stream while the log can not let go of them', async () => {
    const { log, manager, clock } = users();
    await manager('alice').emit(started('r1'));
    const { epoch } = await manager('alice').position();
    const door = new LogDoor(log);
    door.trimmable = () => {
      throw new WebSocketError('LOG_UNAVAILABLE', 'gone');
    };
    const next = users({ clock: new FakeClock(clock.now() + 21 * SECOND), log: door });
    const back = await next.connected('alice', { from: { epoch, offset: 0 } });
    expect(back.frames).toMatchObject([{ recovery: 'resumed' }, { type: 'agent_started' }]);
  });

  it('go also when nobody comes back, whether their stream is in memory or not', async () => {
    const { log, manager, clock, connected, errors } = users({ tuning: { streamIdleMs: 5 * SECOND } });
    const stays = await connected('bob');
    for (const user of ['alice', 'bob']) await manager(user).emitAll([started('r1'), completed('r1')]);
    await clock.advance(25 * SECOND);
    await manager('carol').emitAll([started('r1'), completed('r1')]);
    await clock.advance(16 * SECOND);
    expect(['alice', 'bob', 'carol'].map((user) => oldestOf(log, user))).toEqual([3, 3, 1]);
    expect([stays.closedWith, errors]).toEqual([undefined, []]);
    const { epoch } = await manager('bob').position();
    const again = await connected('bob', { from: { epoch, offset: 1 } });
    expect(again.frames).toMatchObject([{ recovery: 'reset', offset: 2, oldest_offset: 3 }]);
  });

  it('go although those of another stream can not', async () => {
    const log = new MemoryEventLog();
    const trim = log.trim.bind(log);
    log.trim = (key, ...rest) => {
      if (key === 'alice') throw new WebSocketError('LOG_CORRUPT', 'damaged');
      trim(key, ...rest);
    };
    const { manager, clock, errors } = users({ log });
    for (const user of ['alice', 'bob']) await manager(user).emitAll([started('r1'), completed('r1')]);
    await clock.advance(41 * SECOND);
    expect([oldestOf(log, 'alice'), oldestOf(log, 'bob')]).toEqual([1, 3]);
    expect(new Set(errors.map((error) => isWebSocketError(error) && error.code))).toEqual(new Set(['LOG_CORRUPT']));
  });

  it('go in rounds where many streams have them', async () => {
    const log = new MemoryEventLog();
    const { manager, clock } = users({ log });
    await clock.advance(5 * SECOND);
    for (let i = 0; i < 120; i += 1) await manager(`user-${i}`).emit(started('r1'));
    const left = async (ms: number): Promise<number> => {
      await clock.advance(ms);
      return log.aged(Infinity, Infinity).length;
    };
    expect([await left(34_900), await left(500), await left(1_000), await left(1_000)]).toEqual([120, 70, 20, 0]);
  });

  it('are not looked for while the log is away', async () => {
    const { door, manager, clock, errors } = behindADoor();
    await manager('alice').emit(started('r1'));
    door.goAway();
    const held = outcome(manager('alice').emit(thinking('x')));
    await clock.advance(41 * SECOND);
    expect(errors).toEqual([]);
    expect(await held).toBe('EMIT_TIMEOUT');
  });

  it('are nothing that concerns announcements of revocations, which count as long as the credentials live', async () => {
    const { hub, log, clock } = users();
    await hub.revoke({ userId: 'alice', expiresAt: clock.now() + 100 * SECOND });
    await clock.advance(90 * SECOND);
    expect(await users({ clock, log: new LogDoor(log) }).hub.isRevoked({ userId: 'alice' })).toBe(true);
  });

  function behindADoor() {
    const door = new LogDoor(new MemoryEventLog());
    return { ...users({ log: door }), door };
  }
});
