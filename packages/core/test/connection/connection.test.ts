import { describe, expect, it } from 'vitest';
import type { EventInput } from '@ws/types';
import type { FrameGroup } from '../../src/stream/frame.ts';
import { framesOf, outcome, setUp, typesOf } from '../support/world.ts';

const message = (text: string, thread_id?: string): EventInput => ({
  type: 'user_message',
  payload: { message_id: 'm', text },
  ...(thread_id === undefined ? {} : { thread_id }),
});
const started = (run_id: string, thread_id?: string): EventInput => ({
  type: 'agent_started',
  run_id,
  payload: { agent_name: 'a' },
  ...(thread_id === undefined ? {} : { thread_id }),
});

describe('connection_ready', () => {
  it('comes first and says where the stream stands', async () => {
    const { connected, hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([started('r1', 't1'), started('r2', 't2'), message('x')]);
    const { epoch } = await manager.position();
    const tab = await connected('alice', { threads: ['t1'] });
    expect(tab.frames).toEqual([
      {
        type: 'connection_ready',
        connection_id: manager.connections[0]?.id,
        user_id: 'alice',
        mode: 'unified',
        epoch,
        offset: 3,
        oldest_offset: 1,
        head_offset: 3,
        recovery: 'new',
        heartbeat_ms: 25_000,
        max_message_bytes: 65_536,
        open_runs: [{ run_id: 'r1', thread_id: 't1', agent_name: 'a', started_offset: 1, pending_approvals: [] }],
      },
    ]);
  });

  it('is followed by the events after the position, in one message where the client takes batches', async () => {
    const { connected, hub } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll(['a', 'b', 'c'].map((text) => message(text)));
    const tab = await connected('alice', { from: 'earliest', batch: true });
    expect(tab.messages).toHaveLength(2);
    expect(typesOf(tab)).toEqual(['connection_ready', 'user_message', 'user_message', 'user_message']);
    const plain = await connected('alice', { from: 'earliest' });
    expect(plain.messages).toHaveLength(4);
    expect(plain.writes).toBe(2);
  });
});

describe('connections that see everything and stand at the same place', () => {
  it('are sent frames that were made once', async () => {
    const { hub, clock } = setUp();
    const open = (): FrameGroup[] => {
      const groups: FrameGroup[] = [];
      const send = (sent: readonly FrameGroup[]): void => void groups.push(...sent);
      const silent = { ping: () => undefined, close: () => undefined, terminate: () => undefined };
      const session = hub.accept({ bufferedBytes: 0, send, ...silent }, { authentication: { userId: 'alice' } });
      session.receive(JSON.stringify({ type: 'hello' }));
      return groups;
    };
    const [one, two] = [open(), open()];
    await clock.settle();
    await hub.manager({ userId: 'alice' }).emit(message('a'));
    await clock.settle();
    expect([one.length, one[1] === two[1]]).toEqual([2, true]);
  });
});

describe('a connection that asked for threads', () => {
  it('sees those and events of no thread, with prev wherever something was left out', async () => {
    const { connected, hub, clock } = setUp();
    const tab = await connected('alice', { threads: ['t1'] });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([
      message('a', 't1'),
      message('b', 't2'),
      message('c'),
      message('d', 't2'),
      message('e', 't1'),
    ]);
    await clock.advance(50);
    expect(
      tab.frames
        .slice(1)
        .map((frame) =>
          'prev' in frame ? [frame.offset, frame.prev] : 'offset' in frame && [frame.offset, undefined],
        ),
    ).toEqual([
      [1, undefined],
      [3, 1],
      [5, 3],
    ]);
    expect([...(manager.connections[0]?.threads ?? [])]).toEqual(['t1']);
  });

  it('gets its own, whatever others at the same place get, and no write for anything else', async () => {
    const { connected, hub, clock } = setUp();
    const [one, two, all] = [
      await connected('alice', { threads: ['t1'] }),
      await connected('alice', { threads: ['t2'] }),
      await connected('alice'),
    ];
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([message('a', 't1'), message('b', 't2')]);
    await clock.settle();
    await manager.emit(message('c', 't2'));
    await clock.settle();
    const offsets = [one, two, all].map((tab) => framesOf(tab, 'user_message').map(({ offset }) => offset));
    expect(offsets).toEqual([[1], [2, 3], [1, 2, 3]]);
    expect([one, two, all].map(({ writes }) => writes)).toEqual([2, 3, 3]);
  });

  it('resumes where it was, although its last event is not the last of the stream', async () => {
    const { connected, hub, clock } = setUp();
    const manager = hub.manager({ userId: 'alice' });
    await manager.emitAll([message('a', 't1'), message('b', 't2')]);
    const { epoch } = await manager.position();
    const tab = await connected('alice', { threads: ['t1'], from: { epoch, offset: 1 } });
    await manager.emit(message('c', 't1'));
    await clock.advance(50);
    expect(framesOf(tab, 'user_message')).toMatchObject([{ offset: 3, prev: 1 }]);
  });

  it('can neither cancel nor approve runs of other threads', async () => {
    const { connected, hub, clock } = setUp();
    const tab = await connected('alice', { threads: ['t1'] });
    const manager = hub.manager({ userId: 'alice' });
    await manager.emit(started('r2', 't2'));
    tab.say({ type: 'cancel_run', run_id: 'r2' });
    tab.say({ type: 'tool_approval', run_id: 'r2', tool_call_id: 'c', approved: true });
    await clock.advance(50);
    expect(framesOf(tab, 'error').map(({ code }) => code)).toEqual(['THREAD_NOT_ALLOWED', 'THREAD_NOT_ALLOWED']);
    expect(await manager.openRuns()).toHaveLength(1);
  });
});

describe('the limit of connections', () => {
  it('closes the oldest with 4509, of the same user only', async () => {
    const { connected, hub } = setUp({ limits: { connectionsPerUser: 2 } });
    const bob = await connected('bob');
    const tabs = [await connected('alice'), await connected('alice'), await connected('alice')];
    expect(tabs.map(({ closedWith }) => closedWith?.code)).toEqual([4509, undefined, undefined]);
    expect(tabs[0]?.frames.at(-1)).toMatchObject({ code: 'CONNECTION_REPLACED', fatal: true });
    expect(bob.closedWith).toBeUndefined();
    expect(hub.manager({ userId: 'alice' }).connections).toHaveLength(2);
  });
});

describe('an isolated connection', () => {
  const ISOLATED = { userId: 'alice', mode: 'isolated', threadId: 't1' } as const;

  it('has a stream of its own, of one thread', async () => {
    const { connected, hub, clock } = setUp();
    const tab = await connected('alice', {}, { isolatedThread: 't1' });
    const wide = await connected('alice');
    await hub.manager({ userId: 'alice' }).emit(message('to all', 't1'));
    await hub.manager(ISOLATED).emit(message('to one'));
    await clock.advance(50);
    expect(framesOf(tab, 'user_message')).toMatchObject([{ offset: 1, thread_id: 't1', payload: { text: 'to one' } }]);
    expect(framesOf(wide, 'user_message')).toMatchObject([{ payload: { text: 'to all' } }]);
    expect(tab.frames[0]).toMatchObject({ mode: 'isolated' });
  });

  it("takes no other thread's events", async () => {
    const { hub } = setUp();
    const manager = hub.manager(ISOLATED);
    expect(await outcome(manager.emit(message('x', 't2')))).toBe('ISOLATION_VIOLATION');
    expect(await outcome(manager.startRun({ agentName: 'a', threadId: 't2' }))).toBe('ISOLATION_VIOLATION');
    expect(await outcome(manager.startRun({ agentName: 'a' }))).toBe('ok');
  });

  it('is refused when its hello asks for another thread, or its credential does not allow its own', async () => {
    const { connected } = setUp();
    const foreign = await connected('alice', { threads: ['t2'] }, { isolatedThread: 't1' });
    const contradiction = await connected('alice', {}, { isolatedThread: 't1', threads: ['t2'] });
    for (const tab of [foreign, contradiction]) {
      expect(tab.frames).toMatchObject([{ code: 'THREAD_NOT_ALLOWED' }]);
      expect(tab.closedWith?.code).toBe(4503);
    }
    expect((await connected('alice', { threads: ['t1'] }, { isolatedThread: 't1' })).closedWith).toBeUndefined();
  });
});
