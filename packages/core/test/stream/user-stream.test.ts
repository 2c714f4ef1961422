import { describe, expect, it } from 'vitest';
import { toUserId, WebSocketError, type EventInput } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { streamKey } from '../../src/log.ts';
import { epochMark } from '../../src/stream-key.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { logEvent } from '../support/log-events.ts';
import { outcome, setUp, typesOf } from '../support/world.ts';

const ALICE = streamKey(toUserId('alice'));
const message = (text: string): EventInput => ({ type: 'user_message', payload: { message_id: 'm', text } });
const started: EventInput = { type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } };

function behindADoor(options: Parameters<typeof setUp>[0] = {}) {
  const log = new MemoryEventLog();
  const door = new LogDoor(log);
  const world = setUp({ ...options, log: door });
  return { ...world, log, door, manager: world.hub.manager({ userId: 'alice' }) };
}

describe('a log that begins a new numbering', () => {
  it('has every client connect again and told reset, and goes on', async () => {
    const { manager, door, clock, connected, hub } = behindADoor();
    const tab = await connected('alice');
    await manager.emitAll([message('a'), started]);
    await clock.advance(50);
    const { epoch } = await manager.position();
    door.replace(new MemoryEventLog());

    expect(await outcome(manager.emit(message('b')))).toBe('ok');
    await clock.advance(50);
    expect(tab.closedWith?.code).toBe(1012);
    expect(hub.mode).toBe('unified');

    const again = await connected('alice', { from: { epoch, offset: 2 } });
    expect(again.frames[0]).toMatchObject({ recovery: 'reset', offset: 0, head_offset: 1, open_runs: [] });
    expect(again.frames.slice(1)).toMatchObject([{ type: 'user_message', payload: { text: 'b' } }]);
    expect(await outcome(manager.emit(started))).toBe('ok');
  });

  it('is noticed by a client that reads the log', async () => {
    const { manager, door, clock, connect, hub, errors } = behindADoor();
    await manager.emitAll([message('a'), message('b')]);
    const { epoch } = await manager.position();
    const tab = connect('alice', { from: { epoch, offset: 0 } });
    const next = new MemoryEventLog();
    next.append(ALICE, [logEvent(1, { type: 'note' })]);
    // The position is judged by the old log, and the page is read from the new one.
    const read = door.read.bind(door);
    door.read = (...args) => {
      door.replace(next);
      return read(...args);
    };
    await clock.advance(2_000);
    expect(tab.closedWith?.code).toBe(1012);
    expect([hub.mode, errors]).toEqual(['unified', []]);
    expect(await manager.position()).toMatchObject({ offset: 1 });
  });

  it('is noticed by a hello with a position of the new one', async () => {
    const { manager, door, connected } = behindADoor();
    await manager.emit(message('a'));
    const next = new MemoryEventLog();
    next.append(ALICE, [logEvent(1, { type: 'note' }), logEvent(2, { type: 'note' })]);
    door.replace(next);
    const epoch = next.head(ALICE).epoch + epochMark(ALICE);
    const tab = await connected('alice', { from: { epoch, offset: 1 } });
    expect(tab.frames[0]).toMatchObject({ recovery: 'resumed', epoch, head_offset: 2 });
  });

  it('is loaded again where it began anew while ids were looked up', async () => {
    const { manager, door, clock } = behindADoor();
    await manager.emit(started);
    await clock.settle();
    door.answerDelay = () => new Promise((resolve) => clock.after(20, resolve));
    const emitted = outcome(manager.emit({ ...message('b'), event_id: 'b' }));
    await clock.advance(10);
    const next = new MemoryEventLog();
    door.replace(next);
    next.append(ALICE, [logEvent(1, { type: 'note' })]);
    await clock.advance(500);
    expect(await emitted).toBe('ok');
    expect(next.head(ALICE).head).toBe(2);
  });

  it('is loaded although more was heard of the old one', async () => {
    const { manager, door, clock, log } = behindADoor();
    const events = [1, 2, 3].map((id) => logEvent(id, { type: 'note' }));
    door.delay = () => new Promise((resolve) => clock.after(10, resolve));
    const first = manager.position();
    log.append(ALICE, events);
    await clock.advance(100);
    expect(await first).toMatchObject({ offset: 3 });
    door.replace(new MemoryEventLog());
    const emitted = outcome(manager.emit(message('a')));
    await clock.advance(200);
    expect(await emitted).toBe('ok');
  });
});

describe('a position that only the log can judge', () => {
  it('is not reset while the log is away: the client connects again, and goes on', async () => {
    const { manager, door, clock, log, connected } = behindADoor();
    await manager.emit(message('a'));
    const { epoch } = await manager.position();
    door.hold();
    log.append(ALICE, [logEvent(2, { type: 'note' }), logEvent(3, { type: 'note' })]);
    door.goAway();
    const held = manager.emit(message('b'));
    await clock.settle();
    const early = await connected('alice', { from: { epoch, offset: 3 } });
    expect(early.frames).toMatchObject([{ type: 'error', code: 'LOG_UNAVAILABLE' }]);
    expect(early.closedWith?.code).toBe(1013);
    const foreign = await connected('alice', { from: { epoch: 'another', offset: 0 } });
    expect(foreign.closedWith?.code).toBe(1013);

    door.comeBack();
    await clock.advance(2_000);
    expect(await held).toMatchObject({ offset: 4 });
    const again = await connected('alice', { from: { epoch, offset: 3 } });
    expect(again.frames).toMatchObject([{ recovery: 'resumed', offset: 3 }, { payload: { text: 'b' } }]);
  });

  it('is judged by a look that began after it was told, not by one that is on its way', async () => {
    const { manager, door, clock, log, connect, connected } = behindADoor();
    await manager.emit(message('a'));
    const { epoch } = await manager.position();
    // What a hello needs besides is in memory from then on.
    await connected('bob');
    door.hold();
    // The look takes 20 ms there and back: it has passed when the next event is appended.
    door.answerDelay = () => new Promise((resolve) => clock.after(20, resolve));
    const early = connect('alice', { from: { epoch, offset: 2 } });
    await clock.advance(25);
    log.append(ALICE, [logEvent(2, { type: 'note' })]);
    const late = connect('alice', { from: { epoch, offset: 2 } });
    await clock.advance(200);
    expect(early.frames[0]).toMatchObject({ recovery: 'reset', head_offset: 1 });
    expect(late.frames[0]).toMatchObject({ recovery: 'resumed', head_offset: 2 });
  });
});

describe('a process that hears of nothing while another one appends and lets go', () => {
  it.each([
    ['some', { maxEvents: 3 }, 1],
    ['all', { maxAgeMs: 1_000 }, 2_000],
  ])('catches up although %s of it is gone', async (_what, retention, ms) => {
    const log = new MemoryEventLog();
    const clock = new FakeClock();
    const [deaf, other] = [1, 2].map(() => {
      const door = new LogDoor(log);
      return { door, world: setUp({ log: door, clock, retention }) };
    });
    if (deaf === undefined || other === undefined) return;
    const [here, there] = [deaf, other].map(({ world }) => world.hub.manager({ userId: 'alice' }));
    await here?.emit(message('first'));
    const tab = await deaf.world.connected('alice');
    deaf.door.hold();
    await there?.emit(started);
    for (let i = 0; i < 20; i += 1) await there?.emit(message(String(i)));
    await clock.advance(ms);
    log.trim(
      ALICE,
      log.trimmable(ALICE, { maxEvents: 3, maxBytes: 1_000_000, maxAgeMs: 1_000_000, ...retention }, clock.now()),
      '{"offset":0,"open":[],"ended":[]}',
    );

    const { offset } = (await here?.emit(message('last'))) ?? {};
    expect(offset).toBe(23);
    expect(tab.closedWith?.code).toBe(1012);
    const { epoch = '' } = (await here?.position()) ?? {};
    const again = await deaf.world.connected('alice', { from: { epoch, offset: 1 } });
    expect(again.frames[0]).toMatchObject({ recovery: 'reset', head_offset: 23 });
    expect(again.frames.at(-1)).toMatchObject({ offset: 23, payload: { text: 'last' } });
  });
});

describe('a stream in memory', () => {
  it('hears of what was appended while it was loaded', async () => {
    const { manager, door, clock, log } = behindADoor();
    log.append(ALICE, [logEvent(1, { type: 'note' })]);
    const pages: (() => void)[] = [];
    door.delay = () => new Promise((resolve) => pages.push(resolve));
    const position = manager.position();
    const step = async (): Promise<void> => {
      pages.shift()?.();
      await clock.settle();
    };
    await step();
    log.append(ALICE, [logEvent(2, { type: 'note' })]);
    door.delay = undefined;
    await step();
    expect(await position).toMatchObject({ offset: 2 });
  });

  it('leaves it after a while when nobody needs it, and comes back with its rules', async () => {
    const { manager, clock, hub, connected } = behindADoor({ tuning: { streamIdleMs: 1_000 } });
    const tab = await connected('alice');
    await manager.emit(started);
    await clock.advance(5_000);
    expect(hub.stats().streams).toBe(1);
    tab.cut();
    await clock.advance(1_500);
    expect(hub.stats().streams).toBe(0);
    expect(await outcome(manager.emit(started))).toBe('RUN_ALREADY_STARTED');
  });

  it('leaves it also when it was only looked at, through a slow log', async () => {
    const { manager, clock, hub, door } = behindADoor({ tuning: { streamIdleMs: 1_000 } });
    door.delay = () => new Promise((resolve) => clock.after(5_000, resolve));
    const position = manager.position();
    await clock.advance(10_000);
    await position;
    await clock.advance(3_000);
    expect(hub.stats().streams).toBe(0);
  });

  it('stays while a run is emitted from here', async () => {
    const { hub, clock } = behindADoor({ tuning: { streamIdleMs: 1_000 } });
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    await clock.advance(10_000);
    expect(hub.stats().streams).toBe(1);
    await run.complete();
    await clock.advance(3_000);
    expect(hub.stats().streams).toBe(0);
  });
});

describe('an outage', () => {
  it('writes nothing whose emitter was told that it is refused', async () => {
    const { manager, door, clock, connected, log } = behindADoor();
    const tab = await connected('alice');
    let outage = true;
    const append = door.append.bind(door);
    door.append = (...args) => {
      if (outage) throw new WebSocketError('LOG_UNAVAILABLE', 'gone');
      return append(...args);
    };
    door.delay = () => Promise.resolve();
    const outcomes = Promise.all([
      outcome(manager.emit(message('before'))),
      outcome(manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'refused' } })),
      outcome(manager.emit(message('after'))),
    ]);
    await clock.settle();
    // Meanwhile another process starts the run.
    log.append(ALICE, [logEvent(1, { type: 'agent_started', runId: 'r1', payload: { agent_name: 'a' } })]);
    outage = false;
    await clock.advance(2_000);
    expect(await outcomes).toEqual(['ok', 'RUN_NOT_OPEN', 'ok']);
    expect(typesOf(tab)).not.toContain('agent_thinking');
  });
});
