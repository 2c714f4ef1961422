import { describe, expect, it } from 'vitest';
import { WebSocketError, type EventInput } from '@ws/types';
import { MemoryEventLog } from '../../src/index.ts';
import { FakeClock } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';
import { outcome, setUp, typesOf } from '../support/world.ts';

const started = (run_id = 'r1', more: object = {}): EventInput => ({
  type: 'agent_started',
  run_id,
  payload: { agent_name: 'a' },
  ...more,
});
const thinking = (delta: string, run_id = 'r1', more: object = {}): EventInput => ({
  type: 'agent_thinking',
  run_id,
  payload: { delta },
  ...more,
});
const message = (text: string, more: object = {}): EventInput => ({
  type: 'user_message',
  payload: { message_id: 'm', text },
  ...more,
});

function oneProcess() {
  const door = new LogDoor(new MemoryEventLog());
  const world = setUp({ log: door });
  return { ...world, door, manager: world.hub.manager({ userId: 'alice' }) };
}

function twoProcesses() {
  const log = new MemoryEventLog();
  const clock = new FakeClock();
  const make = () => {
    const door = new LogDoor(log);
    const world = setUp({ log: door, clock });
    return { ...world, door, manager: world.hub.manager({ userId: 'alice' }) };
  };
  return { clock, a: make(), b: make() };
}

describe('appending', () => {
  it('keeps the order of emits that nobody awaited', async () => {
    const { manager } = oneProcess();
    const receipts = await Promise.all(
      [started(), ...Array.from('abcdef', (text) => thinking(text))].map((event) => manager.emit(event)),
    );
    expect(receipts.map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('gathers what is emitted while the log takes its time', async () => {
    const { manager, door, clock } = oneProcess();
    await manager.position();
    door.delay = () => new Promise((resolve) => clock.after(10, resolve));
    const first = manager.emit(message('0'));
    await clock.settle();
    const emits = [first, ...Array.from({ length: 49 }, (_, i) => manager.emit(message(String(i + 1))))];
    await clock.advance(30);
    expect((await Promise.all(emits)).map(({ offset }) => offset)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
    expect(door.appends).toBe(2);
  });

  it('writes in one go what is emitted in one go', async () => {
    const { manager, door } = oneProcess();
    await manager.position();
    const payload = { message_id: 'm', text: 'then' };
    const emits = [manager.emit({ type: 'user_message', payload }), manager.emit(message('b'))];
    // What was emitted is what the object held when it was.
    payload.text = 'now';
    expect((await Promise.all(emits)).map(({ offset }) => offset)).toEqual([1, 2]);
    expect(door.appends).toBe(1);
    expect((await manager.history()).events[0]?.payload).toEqual({ message_id: 'm', text: 'then' });
  });

  it('writes what the payload was when it was emitted', async () => {
    const { manager } = oneProcess();
    const payload = { message_id: 'm', text: 'as it was' };
    const emitted = manager.emit({ type: 'user_message', payload });
    payload.text = 'changed later';
    await emitted;
    expect((await manager.history()).events).toMatchObject([{ payload: { text: 'as it was' } }]);
  });

  it('writes a thousand events at most in one go', async () => {
    const { manager, door } = oneProcess();
    await manager.position();
    const emitTwo = (size: number) =>
      Promise.all(['a', 'b'].map((text) => manager.emitAll(Array.from({ length: size }, () => message(text)))));
    await emitTwo(500);
    expect(door.appends).toBe(1);
    await emitTwo(501);
    expect(door.appends).toBe(3);
  });

  it('judges what is emitted in the same go after a batch that begins a run', async () => {
    const { manager } = oneProcess();
    const emits = [manager.emitAll([started(), thinking('a')]), manager.emit(thinking('b'))];
    expect(await Promise.all(emits.map((emitted) => outcome(emitted)))).toEqual(['ok', 'ok']);
  });

  it('takes a batch whole or not at all', async () => {
    const { manager, hub } = oneProcess();
    const bad = manager.emitAll([started(), thinking('a'), thinking('b', 'other')]);
    expect(await outcome(bad)).toBe('RUN_NOT_OPEN');
    expect(hub.stats()).toMatchObject({ appended: 0, refused: 3 });
    expect(await manager.position()).toMatchObject({ offset: 0 });
    expect(await outcome(manager.emitAll([started(), thinking('a')]))).toBe('ok');
    expect(await outcome(manager.emitAll([message('x'), { type: 'agent_stared' } as unknown as EventInput]))).toBe(
      'UNKNOWN_EVENT_TYPE',
    );
    expect(await manager.position()).toMatchObject({ offset: 2 });
    expect(await manager.emitAll([])).toEqual([]);
  });

  it('refuses one batch of a group without harm to the others', async () => {
    const { manager } = oneProcess();
    const outcomes = [started(), thinking('a'), started(), thinking('b', 'other'), thinking('c')].map((event) =>
      outcome(manager.emit(event)),
    );
    expect(await Promise.all(outcomes)).toEqual(['ok', 'ok', 'RUN_ALREADY_STARTED', 'RUN_NOT_OPEN', 'ok']);
    expect((await manager.history()).events).toHaveLength(3);
  });
});

describe('the same event id twice', () => {
  it('is one event: later, in one turn, and in one batch, also for events that change a run', async () => {
    const { manager, hub } = oneProcess();
    const start = started('r1', { event_id: 'e1' });
    const [first, second] = await Promise.all([manager.emit(start), manager.emit(start)]);
    const third = await manager.emit(start);
    expect([first, second, third].map(({ offset, duplicate }) => [offset, duplicate])).toEqual([
      [1, false],
      [1, true],
      [1, true],
    ]);

    const call: EventInput = {
      type: 'tool_executing',
      run_id: 'r1',
      event_id: 'e2',
      payload: { tool_call_id: 'c', tool_name: 't', args: 1 },
    };
    const batch = await manager.emitAll([call, call, thinking('a')]);
    expect(batch.map(({ offset, duplicate }) => [offset, duplicate])).toEqual([
      [2, false],
      [2, true],
      [3, false],
    ]);
    expect(hub.stats().appended).toBe(3);
  });

  it('is one event where only a part of its batch is repeated', async () => {
    const { manager } = oneProcess();
    const start = started('r1', { event_id: 'e1' });
    const batches = await Promise.all(
      ['e2', 'e3'].map((event_id) => manager.emitAll([start, message('x', { event_id })])),
    );
    expect(batches.map((receipts) => receipts.map(({ offset, duplicate }) => [offset, duplicate]))).toEqual([
      [
        [1, false],
        [2, false],
      ],
      [
        [1, true],
        [3, false],
      ],
    ]);
  });

  it('is one event where others without an id are written in the same go', async () => {
    const { manager } = oneProcess();
    const start = started('r1', { event_id: 'e1' });
    await manager.emit(start);
    const receipts = await Promise.all([manager.emit(start), manager.emit(thinking('a'))]);
    expect(receipts.map(({ offset, duplicate }) => [offset, duplicate])).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  it('is one event in two processes', async () => {
    const { a, b } = twoProcesses();
    const receipts = await Promise.all([a, b].map(({ manager }) => manager.emit(message('x', { event_id: 'e1' }))));
    expect(receipts.map(({ offset }) => offset)).toEqual([1, 1]);
    expect(receipts.filter(({ duplicate }) => duplicate)).toHaveLength(1);
  });

  it('is another event for another user', async () => {
    const { hub } = oneProcess();
    for (const userId of ['alice', 'bob']) {
      expect(await hub.manager({ userId }).emit(message('x', { event_id: 'e1' }))).toMatchObject({
        offset: 1,
        duplicate: false,
      });
    }
  });
});

describe('what the log is asked', () => {
  it('is no id where none was given, and not to write what it has', async () => {
    const { manager, door } = oneProcess();
    const asked: unknown[] = [];
    const lookup = door.lookup.bind(door);
    door.lookup = (stream, ids) => {
      asked.push(ids);
      return lookup(stream, ids);
    };
    await manager.emit(message('a'));
    expect(asked).toEqual([]);
    for (const times of [1, 2]) {
      await manager.emit(message('b', { event_id: 'b' }));
      expect([asked.length, door.appends]).toEqual([times, 2]);
    }
  });

  it('is to trust ids that were made for the event, unless a write of it ended in doubt', async () => {
    const { manager, door, clock } = oneProcess();
    await manager.position();
    const trusted: unknown[] = [];
    const append = door.append.bind(door);
    door.append = (stream, events, ifHead) => {
      trusted.push(...events.map(({ fresh }) => fresh === true));
      return append(stream, events, ifHead);
    };
    await manager.emit(message('a'));
    await manager.emit(message('b', { event_id: 'b' }));
    expect(trusted.splice(0)).toEqual([true, false]);
    door.nextAppend = 'before';
    const emitted = manager.emit(message('c'));
    await clock.advance(2_000);
    expect(await emitted).toMatchObject({ offset: 3 });
    expect(trusted).toEqual([true, false]);
  });

  it('is nothing about an event that is refused whatever it holds', async () => {
    const { manager, door } = oneProcess();
    await manager.emit(started());
    const { reads } = door;
    expect(await outcome(manager.emit(started()))).toBe('RUN_ALREADY_STARTED');
    expect(await outcome(manager.emit(message('x'.repeat(2 ** 20))))).toBe('EVENT_TOO_BIG');
    expect(door.reads).toBe(reads);
    // What another process may have begun is looked for.
    expect(await outcome(manager.emit(thinking('a', 'other')))).toBe('RUN_NOT_OPEN');
    expect(door.reads).toBeGreaterThan(reads);
  });
});

describe('two processes on one log', () => {
  it('agree on one order, whoever was faster', async () => {
    const { a, b, clock } = twoProcesses();
    const tab = await b.connected('alice');
    await a.manager.emit(started());
    const emits = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? a : b).manager.emit(thinking(`${i}.`)));
    await Promise.all(emits);
    await clock.advance(50);
    const [fromA, fromB] = await Promise.all([a, b].map(({ manager }) => manager.history({ limit: 100 })));
    expect(fromA?.events).toEqual(fromB?.events);
    expect(fromA?.events.map(({ offset }) => offset)).toEqual(Array.from({ length: 41 }, (_, i) => i + 1));
    expect(tab.frames.at(-1)).toMatchObject({ offset: 41 });
  });

  it('agree although neither hears of the other: appends meet the head and are judged again', async () => {
    const { a, b } = twoProcesses();
    await Promise.all([a.manager.position(), b.manager.position()]);
    a.door.hold();
    b.door.hold();
    await a.manager.emit(started());
    expect(await outcome(b.manager.emit(started()))).toBe('RUN_ALREADY_STARTED');
    expect(await outcome(b.manager.emit(thinking('b')))).toBe('ok');
    expect(await outcome(a.manager.emit(thinking('a')))).toBe('ok');
    expect((await a.manager.history()).events.map(({ offset }) => offset)).toEqual([1, 2, 3]);
  });

  it('do not refuse what only the other one knows of yet', async () => {
    const { a, b } = twoProcesses();
    await b.manager.position();
    b.door.hold();
    await a.manager.emit(started());
    expect(await outcome(b.manager.emit(thinking('from b')))).toBe('ok');
    await a.manager.emit({
      type: 'tool_executing',
      run_id: 'r1',
      payload: { tool_call_id: 'c', tool_name: 't', args: 1 },
    });
    await a.manager.emit(started('r2'));
    expect(await outcome(b.manager.cancelRun('r2'))).toBe('ok');
    const completed = { tool_call_id: 'c', tool_name: 't', success: true, duration_ms: 1 };
    expect(await outcome(b.manager.emit({ type: 'tool_completed', run_id: 'r1', payload: completed }))).toBe('ok');
  });
});

describe('a log that fails', () => {
  it('rejects the emit, delivers nothing, and works again afterwards', async () => {
    const { manager, door, clock, connected } = oneProcess();
    const tab = await connected('alice');
    door.appendFault = new WebSocketError('LOG_CORRUPT', 'damaged');
    expect(await Promise.all([started(), message('x')].map((event) => outcome(manager.emit(event))))).toEqual([
      'LOG_CORRUPT',
      'LOG_CORRUPT',
    ]);
    door.appendFault = new TypeError('a fault of the adapter');
    await expect(manager.emit(started())).rejects.toMatchObject({ code: 'INTERNAL', cause: door.appendFault });
    await clock.advance(50);
    expect(typesOf(tab)).toEqual(['connection_ready']);

    door.appendFault = undefined;
    expect(await manager.emit(started())).toMatchObject({ offset: 1 });
    await clock.advance(50);
    expect(typesOf(tab)).toEqual(['connection_ready', 'agent_started']);
  });

  it('to answer for every event rejects the emit', async () => {
    const { manager, door } = oneProcess();
    const append = door.append.bind(door);
    door.append = async (...args) => {
      const result = await append(...args);
      return result.kind === 'appended' ? { ...result, events: result.events.slice(1) } : result;
    };
    await expect(manager.emit(message('a'))).rejects.toMatchObject({
      code: 'INTERNAL',
      message: 'the log answered for fewer events than were written',
    });
  });

  it('when it is loaded rejects the emit, and is loaded anew by the next', async () => {
    const { manager, door } = oneProcess();
    door.delay = () => Promise.reject(new WebSocketError('LOG_CORRUPT', 'damaged'));
    expect(await outcome(manager.emit(started()))).toBe('LOG_CORRUPT');
    door.delay = undefined;
    expect(await outcome(manager.emit(started()))).toBe('ok');
  });

  it('and a log that answers late delivers in order', async () => {
    const { manager, door, clock, connected } = oneProcess();
    const tab = await connected('alice');
    door.delay = () => new Promise((resolve) => clock.after(5, resolve));
    const emits = [manager.emit(started()), manager.emit(thinking('a')), manager.emit(thinking('b'))];
    await clock.advance(100);
    await Promise.all(emits);
    expect(tab.frames.slice(1).map((frame) => 'offset' in frame && frame.offset)).toEqual([1, 3]);
  });
});
