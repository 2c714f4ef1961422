import { describe, expect, it } from 'vitest';
import { foldRunEvent, type EventInput, type RunState } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
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
const thinking = (delta: string, run_id = 'r1'): EventInput => ({ type: 'agent_thinking', run_id, payload: { delta } });

async function trimmed() {
  const world = setUp({ retention: KEEP });
  const manager = world.hub.manager({ userId: 'alice' });
  await manager.emitAll([started('r1', { thread_id: 't1' }), started('r2', { thread_id: 't2' })]);
  const call = { tool_call_id: 'c1', tool_name: 'read', args: { n: 1 } };
  await manager.emit({ type: 'tool_executing', run_id: 'r1', payload: call });
  await manager.emit({ type: 'agent_completed', run_id: 'r2', payload: { status: 'completed', duration_ms: 1 } });
  for (const text of 'abcdefgh') await manager.emit(thinking(text));
  await world.clock.settle();
  const { epoch } = await manager.position();
  return { ...world, manager, epoch };
}

describe('a position that is no longer kept', () => {
  it('is told reset, gets the open runs as snapshots, and then the stream from the oldest event', async () => {
    const { connected, epoch } = await trimmed();
    const tab = await connected('alice', { resume: { epoch, offset: 2 } });
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
    const tab = await connected('alice', { resume: { epoch, offset: 2 } });
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
    const tab = await connected('alice', { resume: { epoch, offset: 2 }, threads: ['t2'] });
    expect(framesOf(tab, 'run_snapshot')).toEqual([]);
    expect(tab.frames[0]).toMatchObject({ recovery: 'reset', open_runs: [] });
  });

  it('gets no snapshots where the position is kept, or none was asked for', async () => {
    const { connected, epoch } = await trimmed();
    for (const hello of [{}, { resume: { epoch, offset: 8 } }]) {
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
    const tab = await b.connected('alice', { resume: { epoch, offset: 1 } });
    expect(tab.frames[0]).toMatchObject({ recovery: 'reset' });
    expect(framesOf(tab, 'run_snapshot')).toMatchObject([{ run_id: 'r1', state: { agent_name: 'agent r1' } }]);

    for (const text of 'klmnopqrst') await alicesB.emit(thinking(text));
    await clock.settle();
    const third = setUp({ log: new LogDoor(log), clock, retention: KEEP });
    const late = await third.connected('alice', { resume: { offset: 0 } });
    const [state] = late.frames.flatMap((frame) => ('state' in frame ? [frame.state] : []));
    const events = late.frames.flatMap((frame) => ('payload' in frame ? [frame] : []));
    expect(events.reduce<RunState | undefined>(foldRunEvent, state)?.thinking).toBe('abcdefghijklmnopqrst');
  });
});
