import { WebSocketError, type EventInput, type NumberedEvent } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { createHub, MemoryEventLog, type HubOptions } from '../../src/index.ts';
import { countingIds, FakeClock, FakeSocket } from '../../src/testing.ts';
import { LogDoor } from '../support/log-door.ts';

async function setUp(options: HubOptions = {}) {
  const clock = new FakeClock();
  const log = new LogDoor(new MemoryEventLog());
  const changes: string[] = [];
  const hub = createHub({
    clock,
    log,
    ids: countingIds(),
    onModeChange: (mode) => changes.push(mode),
    ...options,
  });
  const manager = hub.manager({ userId: 'alice' });
  const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
  socket.say({ type: 'hello' });
  await clock.settle();
  return { clock, log, hub, manager, socket, changes };
}

const note = (text: string, event_id?: string): EventInput =>
  ({ type: 'note', payload: { text }, ...(event_id === undefined ? {} : { event_id }) }) as unknown as EventInput;

function settledState(promise: Promise<unknown>): { state: string } {
  const result = { state: 'pending' };
  promise.then(
    () => (result.state = 'resolved'),
    (error: { code?: string }) => (result.state = error.code ?? 'rejected'),
  );
  return result;
}

const typed = (socket: FakeSocket, type: string) => socket.frames.filter((frame) => frame.type === type);

describe('mode degraded', () => {
  it('holds what is emitted while the log is away, shows it as volatile, and appends it in order when the log is back', async () => {
    const { clock, log, manager, socket, changes } = await setUp();
    await manager.emit(note('before'));
    log.goAway();
    const held = [manager.emit(note('one')), manager.emit(note('two')), manager.emit(note('three'))];
    const first = settledState(held[0] as Promise<unknown>);
    await clock.advance(1_000);

    expect(first.state).toBe('pending');
    expect(manager.mode).toBe('degraded');
    const volatile = typed(socket, 'note').filter((frame) => 'volatile' in frame);
    expect(volatile).toHaveLength(3);

    log.comeBack();
    await clock.advance(2_000);
    const receipts = await Promise.all(held);
    expect(receipts.map((receipt) => receipt.offset)).toEqual([2, 3, 4]);
    expect(manager.mode).toBe('unified');
    expect(changes).toEqual(['degraded', 'unified']);
    expect(typed(socket, 'mode_changed').map((frame) => 'mode' in frame && frame.mode)).toEqual([
      'degraded',
      'unified',
    ]);

    const numbered = typed(socket, 'note').filter((frame): frame is NumberedEvent => 'offset' in frame);
    expect(numbered.map((frame) => [frame.offset, frame.payload['text']])).toEqual([
      [1, 'before'],
      [2, 'one'],
      [3, 'two'],
      [4, 'three'],
    ]);
    // The numbered copy replaces the volatile one by its id.
    const volatileIds = volatile.map((frame) => 'event_id' in frame && frame.event_id);
    expect(numbered.slice(1).map((frame) => frame.event_id)).toEqual(volatileIds);
  });

  it('writes an event once when the answer of the write got lost', async () => {
    const { clock, log, manager } = await setUp();
    log.nextAppend = 'after';
    const emitted = manager.emit(note('once'));
    await clock.advance(2_000);
    expect((await emitted).offset).toBe(1);
    const { events } = await manager.history();
    expect(events.map((event) => event.payload['text'])).toEqual(['once']);
  });

  it('shows nothing as volatile that was shown with its offset, when the answer of its write got lost', async () => {
    const { clock, log, manager, socket } = await setUp();
    log.nextAppend = 'after';
    const emitted = manager.emit(note('once'));
    await clock.advance(2_000);
    await emitted;
    expect(typed(socket, 'note')).toMatchObject([{ offset: 1, payload: { text: 'once' } }]);
  });

  it('shows as volatile what the log did not take, and what it may have taken unheard', async () => {
    const { clock, log, manager, socket } = await setUp();
    await manager.emit(note('before'));
    log.hold();
    log.nextAppend = 'after';
    const emitted = manager.emit(note('once'));
    await clock.settle();
    expect(typed(socket, 'note').at(-1)).toMatchObject({ volatile: true, payload: { text: 'once' } });
    log.release();
    await clock.advance(2_000);
    expect(await emitted).toMatchObject({ offset: 2 });
    expect(typed(socket, 'note').map((frame) => ('offset' in frame ? frame.offset : 'volatile'))).toEqual([
      1,
      'volatile',
      2,
    ]);
  });

  it('shows nothing as volatile that a connection has read from the log before news of it came', async () => {
    const { clock, log, hub, manager } = await setUp({ tuning: { tailEvents: 2 } });
    for (const text of 'abcde') await manager.emit(note(text));
    log.hold();
    log.nextAppend = 'after';
    const emitted = manager.emit(note('f'));
    await clock.settle();
    const behind = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    behind.say({ type: 'hello', from: 'earliest' });
    await clock.advance(100);
    // The second try ends in another outage: what is held is shown again.
    const lookup = log.lookup.bind(log);
    log.lookup = () => {
      log.lookup = lookup;
      throw new WebSocketError('LOG_UNAVAILABLE', 'gone again');
    };
    await clock.advance(2_000);
    log.release();
    expect(await emitted).toMatchObject({ offset: 6 });
    const shown = typed(behind, 'note').map((frame) => ('offset' in frame ? frame.offset : 'volatile'));
    expect(shown).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('does not refuse for want of room what the log may hold', async () => {
    const { clock, log, manager } = await setUp({ outage: { bufferEvents: 1 } });
    log.nextAppend = 'after';
    const emitted = Promise.all([manager.emit(note('a')), manager.emit(note('b')), manager.emit(note('c'))]);
    await clock.settle();
    await expect(manager.emit(note('d'))).rejects.toMatchObject({ code: 'SPILL_FULL' });
    await clock.advance(2_000);
    expect((await emitted).map(({ offset }) => offset)).toEqual([1, 2, 3]);
    await expect(manager.emit(note('e'))).resolves.toMatchObject({ offset: 4 });
  });

  it('writes an event again when it had not arrived', async () => {
    const { clock, log, manager } = await setUp();
    log.nextAppend = 'before';
    const emitted = manager.emit(note('again'));
    await clock.advance(2_000);
    expect(await emitted).toMatchObject({ offset: 1, duplicate: false });
  });

  it('rejects what does not fit into the outage buffer, and takes more when there is room again', async () => {
    const { clock, log, manager } = await setUp({ outage: { bufferEvents: 2 } });
    log.goAway();
    const a = manager.emit(note('a'));
    await clock.settle();
    const [b, c] = [manager.emit(note('b')), manager.emit(note('c'))];
    await expect(c).rejects.toMatchObject({ code: 'SPILL_FULL' });
    log.comeBack();
    await clock.advance(2_000);
    await expect(Promise.all([a, b])).resolves.toHaveLength(2);
    log.goAway();
    const d = settledState(manager.emit(note('d')));
    await clock.settle();
    expect(d.state).toBe('pending');
  });

  it('gives back the room in the outage buffer when the log is back', async () => {
    const { clock, log, manager } = await setUp({ outage: { bufferEvents: 2 } });
    for (const _outage of [1, 2]) {
      log.goAway();
      const held = [settledState(manager.emit(note('a')))];
      await clock.settle();
      held.push(settledState(manager.emit(note('b'))));
      await clock.settle();
      expect(held.map(({ state }) => state)).toEqual(['pending', 'pending']);
      log.comeBack();
      await clock.advance(2_000);
      expect(held.map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    }
  });

  it("shows an event once as volatile, also where it was another user's that found the log away", async () => {
    const { clock, log, hub, manager, socket } = await setUp();
    log.goAway();
    void hub.manager({ userId: 'bob' }).emit(note('first'));
    await clock.settle();
    expect(manager.mode).toBe('degraded');
    void manager.emit(note('second'));
    await clock.settle();
    expect(typed(socket, 'note')).toMatchObject([{ volatile: true, payload: { text: 'second' } }]);
  });

  it('rejects an event whose deadline passes, and never writes it', async () => {
    const { clock, log, manager } = await setUp({ outage: { emitDeadlineMs: 5_000 } });
    log.goAway();
    const late = settledState(manager.emit(note('late')));
    await clock.advance(6_000);
    expect(late.state).toBe('EMIT_TIMEOUT');
    log.comeBack();
    await clock.advance(2_000);
    expect((await manager.history()).events).toEqual([]);
    await expect(manager.emit(note('next'))).resolves.toMatchObject({ offset: 1 });
  });

  it('rejects with LOG_FULL where the log is there and has no room, also the event that found it full', async () => {
    const { clock, log, manager } = await setUp({ outage: { emitDeadlineMs: 5_000 } });
    log.appendFault = new WebSocketError('LOG_FULL', 'the disk is full (test)');
    log.healthy = () => false;
    const states = [settledState(manager.emit(note('first')))];
    await clock.settle();
    states.push(settledState(manager.emit(note('second'))));
    await clock.advance(6_000);
    expect(states.map(({ state }) => state)).toEqual(['LOG_FULL', 'LOG_FULL']);
    log.appendFault = undefined;
    log.healthy = () => true;
    await clock.advance(2_000);
    expect((await manager.history()).events).toEqual([]);
  });

  it('judges the run order of held events, and refuses a wrong one at once', async () => {
    const { clock, log, manager } = await setUp();
    log.goAway();
    const started = settledState(manager.startRun({ agentName: 'a', runId: 'r1' }));
    const thinking = settledState(manager.emit({ type: 'agent_thinking', run_id: 'r1', payload: { delta: 'hm' } }));
    await clock.settle();
    const wrong = settledState(
      manager.emit({
        type: 'tool_completed',
        run_id: 'r1',
        payload: { tool_call_id: 'none', tool_name: 'x', success: true, duration_ms: 1 },
      }),
    );
    await clock.settle();
    expect([started.state, thinking.state, wrong.state]).toEqual(['pending', 'pending', 'TOOL_CALL_NOT_EXECUTING']);
    log.comeBack();
    await clock.advance(2_000);
    expect([started.state, thinking.state]).toEqual(['resolved', 'resolved']);
  });

  it('does not flap with a log that flaps', async () => {
    const { clock, log, manager, changes } = await setUp();
    log.goAway();
    const held = manager.emit(note('x'));
    await clock.advance(300);
    log.comeBack();
    await clock.advance(260);
    log.goAway();
    await clock.advance(400);
    expect(changes).toEqual(['degraded']);
    log.comeBack();
    await clock.advance(1_000);
    expect(changes).toEqual(['degraded', 'unified']);
    await held;
  });

  it('answers a connection from memory, and goes on reading the log when it is back', async () => {
    const { clock, log, hub, manager } = await setUp({ tuning: { tailEvents: 2 } });
    for (let i = 1; i <= 10; i += 1) await manager.emit(note(String(i)));
    log.goAway();
    void manager.emit(note('11'));
    await clock.settle();
    const behind = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    behind.say({ type: 'hello', from: 'earliest' });
    await clock.settle();
    expect(behind.frames[0]).toMatchObject({ type: 'connection_ready', mode: 'degraded' });
    log.comeBack();
    await clock.advance(2_000);
    const offsets = behind.frames.flatMap((frame) => ('event_id' in frame && 'offset' in frame ? frame.offset : []));
    expect(offsets).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('tells clients when the log came back with another numbering', async () => {
    const clock = new FakeClock();
    const first = new MemoryEventLog();
    const second = new MemoryEventLog();
    let current = first;
    const swapping = new Proxy(first, {
      get: (_target, key) => {
        const value: unknown = Reflect.get(current, key, current);
        return typeof value === 'function' ? (value.bind(current) as unknown) : value;
      },
    });
    const hub = createHub({ clock, log: swapping });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(note('old'));
    const socket = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    socket.say({ type: 'hello' });
    await clock.settle();
    const { epoch } = await manager.position();
    current = second;
    await expect(manager.emit(note('new'))).resolves.toMatchObject({ offset: 1 });
    expect(socket.closedWith?.code).toBe(1012);
    const again = FakeSocket.open((it) => hub.accept(it, { authentication: { userId: 'alice' } }));
    again.say({ type: 'hello', from: { epoch, offset: 1 } });
    await clock.settle();
    expect(again.frames[0]).toMatchObject({ type: 'connection_ready', recovery: 'reset' });
    expect(again.frames[1]).toMatchObject({ type: 'note', offset: 1, payload: { text: 'new' } });
  });
});
