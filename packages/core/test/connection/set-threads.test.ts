import type { EventInput } from '@ws/types';
import { describe, expect, it } from 'vitest';
import type { FakeSocket } from '../../src/testing.ts';
import { framesOf, setUp, type ConnectOptions, type World } from '../support/world.ts';

const started = (run_id: string, thread_id: string): EventInput => ({
  type: 'agent_started',
  run_id,
  thread_id,
  payload: { agent_name: 'analyst' },
});
const note = (n: number, thread_id?: string): EventInput =>
  ({ type: 'app.note', payload: { n }, ...(thread_id === undefined ? {} : { thread_id }) }) as unknown as EventInput;
const see = (request_id: string, ...threads: readonly string[]) => ({ type: 'set_threads', request_id, threads });

/** What a tab was given of the notes, with `prev` where the frame says it. */
const notesOf = (tab: FakeSocket): unknown[] =>
  framesOf(tab, 'app.note').map(({ offset, prev, payload }) => [offset, prev, (payload as { n: number }).n]);

interface Room extends World {
  readonly tab: FakeSocket;
  readonly emit: (...events: EventInput[]) => Promise<void>;
}

/** A tab that sees thread t1 of a stream in which events of t1, t2 and no thread lie. */
async function seeT1(options: ConnectOptions = {}): Promise<Room> {
  const world = setUp();
  const manager = world.hub.manager({ userId: 'alice' });
  const emit = async (...events: EventInput[]): Promise<void> => {
    await manager.emitAll(events);
    await world.clock.advance(50);
  };
  const tab = await world.connected('alice', { threads: ['t1'] }, options);
  await emit(note(1, 't1'), note(2, 't2'), note(3));
  return { ...world, tab, emit };
}

describe('set_threads', () => {
  it('changes what a live connection sees from the offset of the answer on, and sends nothing of before', async () => {
    const { tab, emit, clock } = await seeT1();
    await emit(started('r2', 't2'), started('r1', 't1'), note(6, 't3'));
    tab.say(see('s1', 't2', 't3'));
    await clock.settle();
    expect(framesOf(tab, 'accepted')).toEqual([
      {
        type: 'accepted',
        ref: 's1',
        offset: 6,
        threads: ['t2', 't3'],
        open_runs: [{ run_id: 'r2', thread_id: 't2', agent_name: 'analyst', started_offset: 4, pending_approvals: [] }],
      },
    ]);
    await emit(note(7, 't1'), note(8, 't2'), note(9, 't3'), note(10));
    expect(notesOf(tab)).toEqual([
      [1, undefined, 1],
      [3, 1, 3],
      [8, 6, 8],
      [9, undefined, 9],
      [10, undefined, 10],
    ]);
  });

  it('is over with its connection: the hello of a resume names the threads in force', async () => {
    const { tab, emit, connected, clock, hub } = await seeT1();
    tab.say(see('s1', 't2'));
    await clock.settle();
    const { epoch } = await hub.manager({ userId: 'alice' }).position();
    tab.cut();
    await emit(note(4, 't1'), note(5, 't2'), note(6, 't1'), note(7, 't2'));
    const again = await connected('alice', { threads: ['t2'], from: { epoch, offset: 3 } });
    expect(framesOf(again, 'connection_ready')).toMatchObject([{ recovery: 'resumed', offset: 3 }]);
    expect(notesOf(again)).toEqual([
      [5, 3, 5],
      [7, 5, 7],
    ]);
  });

  it('without threads sees all that the credential allows', async () => {
    const { tab, emit, clock } = await seeT1({ threads: ['t1', 't2'] });
    tab.say({ type: 'set_threads', request_id: 's1' });
    await clock.settle();
    expect(framesOf(tab, 'accepted')).toEqual([{ type: 'accepted', ref: 's1', offset: 3, open_runs: [] }]);
    await emit(note(4, 't1'), note(5, 't2'), note(6, 't3'));
    expect(notesOf(tab).slice(2)).toEqual([
      [4, undefined, 4],
      [5, undefined, 5],
    ]);
  });

  it('is refused where the credential does not allow a thread, and changes nothing then', async () => {
    const { tab, emit, clock } = await seeT1({ threads: ['t1', 't2'] });
    tab.say(see('s1', 't2', 't3'));
    await clock.settle();
    expect(framesOf(tab, 'error')).toEqual([
      {
        type: 'error',
        code: 'THREAD_NOT_ALLOWED',
        message: 'set_threads: the credential does not allow thread t3',
        fatal: false,
        ref: 's1',
      },
    ]);
    await emit(note(4, 't1'), note(5, 't2'));
    expect(notesOf(tab).at(-1)).toEqual([4, undefined, 4]);
  });

  it('binds what the connection may send', async () => {
    const { tab, clock } = await seeT1();
    tab.say(see('s1', 't2'));
    tab.say({ type: 'user_message', message_id: 'm1', thread_id: 't1', payload: { text: 'hi' } });
    await clock.settle();
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'THREAD_NOT_ALLOWED', ref: 'm1' }]);
  });

  it.each([
    ['no thread', []],
    ['a thread that is no id', ['a b']],
    ['more than 100 threads', Array.from({ length: 101 }, (_, n) => `t${n}`)],
  ])('with %s is answered, and the connection goes on', async (_, threads) => {
    const { tab, emit, clock } = await seeT1();
    tab.say(see('s1', ...threads));
    await clock.settle();
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'INVALID_FRAME', fatal: false, ref: 's1' }]);
    await emit(note(4, 't1'));
    expect(notesOf(tab).at(-1)).toEqual([4, undefined, 4]);
  });

  it('is held to by a token that comes later', async () => {
    const authenticate = () => Promise.resolve({ userId: 'alice', threads: ['t1'] });
    const { tab, clock } = await seeT1({ authenticate, threads: ['t1', 't2'] });
    tab.say(see('s1', 't2'));
    tab.say({ type: 'auth', token: 'for t1 alone' });
    await clock.settle();
    expect(framesOf(tab, 'error')).toMatchObject([{ code: 'THREAD_NOT_ALLOWED', fatal: true }]);
    expect(tab.closedWith?.code).toBe(4503);
  });

  it('during a replay takes effect where the replay stands, and the client learns when it is at the head', async () => {
    const world = setUp({ tuning: { pageEvents: 2, tailEvents: 2 } });
    const manager = world.hub.manager({ userId: 'alice' });
    await manager.emitAll(Array.from({ length: 20 }, (_, index) => note(index + 1, index % 2 === 0 ? 't1' : 't2')));
    const tab = world.connect('alice', { threads: ['t1'], from: 'earliest' });
    tab.say(see('s1', 't2'));
    await world.clock.advance(1_000);
    const [answer] = framesOf(tab, 'accepted');
    const from = Number(answer?.['offset']);
    expect(from).toBeLessThan(20);
    const offsets = framesOf(tab, 'app.note').map(({ offset }) => Number(offset));
    expect(offsets.filter((offset) => offset > from)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1).filter((offset) => offset > from && offset % 2 === 0),
    );
    expect(offsets.filter((offset) => offset <= from).every((offset) => offset % 2 === 1)).toBe(true);
  });

  it('does not vouch for events that the connection never saw', async () => {
    const { tab, clock, hub } = await seeT1();
    tab.say({ type: 'set_threads', request_id: 's1' });
    await clock.settle();
    tab.say({ type: 'ack', offset: 3 });
    await clock.settle();
    const manager = hub.manager({ userId: 'alice' });
    expect([manager.connections[0]?.ackedOffset, manager.deliveredOffset]).toEqual([3, 0]);
  });
});
