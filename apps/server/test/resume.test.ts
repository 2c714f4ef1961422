import { describe, expect, it } from 'vitest';
import { completed, note, started, thinking, wholeRun, type PublishedEvent } from './support/events.ts';
import { mustPublish, tokenFor } from './support/http.ts';
import { Peer, type WireEvent, type WireFrame } from './support/peer.ts';
import { freshUser, useService } from './support/service.ts';

// Nothing is joined while it is live: what a test counts does not depend on timing.
const service = useService({ WS_COALESCE_MS: '0', WS_HEARTBEAT_MS: '30000' });

async function connect(user: string, hello: object = {}): Promise<{ peer: Peer; ready: WireFrame }> {
  const peer = await Peer.open(service.url, { token: await tokenFor(service.url, user), hello });
  return { peer, ready: await peer.frame('connection_ready') };
}

async function epochOf(user: string): Promise<unknown> {
  const { peer, ready } = await connect(user);
  await peer.close();
  return ready['epoch'];
}

const notes = (n: number): readonly PublishedEvent[] => Array.from({ length: n }, (_, index) => note(index + 1));
const offsets = (peer: Peer): readonly number[] => peer.events.map(({ offset }) => offset);

describe('connection_ready', () => {
  it('is the first frame and says all that the protocol promises', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const { peer, ready } = await connect(user);
    expect(peer.frames[0]).toBe(ready);
    expect(ready).toEqual({
      type: 'connection_ready',
      connection_id: expect.any(String) as unknown,
      user_id: user,
      mode: 'unified',
      epoch: expect.any(String) as unknown,
      offset: 3,
      oldest_offset: 1,
      head_offset: 3,
      recovery: 'new',
      heartbeat_ms: 30_000,
      max_message_bytes: 65_536,
      expires_at: expect.any(Number) as unknown,
      open_runs: [],
    });
    expect(ready['expires_at']).toBeGreaterThan(Date.now());
    await peer.close();
  });

  it('of an empty stream starts at 0, and the first event is 1', async () => {
    const user = freshUser();
    const { peer, ready } = await connect(user, { from: 'earliest' });
    expect(ready).toMatchObject({ offset: 0, head_offset: 0, recovery: 'resumed' });
    await mustPublish(service.url, user, notes(1));
    expect(await peer.frame('app.note')).toMatchObject({ offset: 1 });
    await peer.close();
  });

  it('lists open runs with the approvals they wait for', async () => {
    const user = freshUser();
    const approval = { tool_call_id: 'c1', tool_name: 'delete', args: { path: 'x' }, expires_at: Date.now() + 60_000 };
    await mustPublish(service.url, user, [
      ...wholeRun('done', 't1'),
      started('open', 't1'),
      { type: 'tool_approval_requested', run_id: 'open', payload: approval },
    ]);
    const { peer, ready } = await connect(user);
    expect(ready['open_runs']).toEqual([
      { run_id: 'open', thread_id: 't1', agent_name: 'analyst', started_offset: 6, pending_approvals: [approval] },
    ]);
    await peer.close();
  });
});

describe('resume', () => {
  it('without a position: live only', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const { peer } = await connect(user);
    await mustPublish(service.url, user, notes(1));
    await peer.until(() => peer.events.length > 0, 'an event');
    expect(offsets(peer)).toEqual([4]);
    await peer.close();
  });

  it.each([
    ['resume: offset 0 without an epoch', { offset: 0 }, 0],
    ['resume: a position', { offset: 2 }, 2],
  ])('the earlier spelling of from, %s', async (_name, { offset }, begins) => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const epoch = offset === 0 ? {} : { epoch: await epochOf(user) };
    const { peer, ready } = await connect(user, { resume: { ...epoch, offset } });
    expect(ready).toMatchObject({ offset: begins, head_offset: 3, recovery: 'resumed' });
    await peer.until(() => peer.events.length === 3 - begins, 'what follows');
    await peer.close();
  });

  it('earliest: everything kept', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const { peer, ready } = await connect(user, { from: 'earliest' });
    expect(ready).toMatchObject({ offset: 0, head_offset: 3, recovery: 'resumed' });
    await peer.until(() => peer.events.length === 3, 'three events');
    expect(offsets(peer)).toEqual([1, 2, 3]);
    await peer.close();
  });

  it('a known position: every event after it, and then live', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(5));
    const { peer, ready } = await connect(user, { from: { epoch: await epochOf(user), offset: 2 } });
    expect(ready).toMatchObject({ offset: 2, head_offset: 5, recovery: 'resumed' });
    await mustPublish(service.url, user, notes(2));
    await peer.until(() => peer.events.length === 5, 'five events');
    expect(offsets(peer)).toEqual([3, 4, 5, 6, 7]);
    expect(peer.events.every((event) => !('prev' in event))).toBe(true);
    await peer.close();
  });

  it('exactly the head: nothing follows but what is new', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(2));
    const { peer, ready } = await connect(user, { from: { epoch: await epochOf(user), offset: 2 } });
    expect(ready).toMatchObject({ offset: 2, head_offset: 2, recovery: 'resumed' });
    await mustPublish(service.url, user, notes(1));
    await peer.until(() => peer.events.length > 0, 'an event');
    expect(offsets(peer)).toEqual([3]);
    await peer.close();
  });

  it.each([
    ['another epoch', { epoch: 'of-another-time', offset: 2 }],
    ['another epoch at offset 0', { epoch: 'of-another-time', offset: 0 }],
    ['a position ahead of the stream', { offset: 99 }],
    ['a position far beyond', { offset: Number.MAX_SAFE_INTEGER }],
  ])('%s: reset, and the stream follows from the oldest', async (_name, position) => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(3));
    const from = { epoch: await epochOf(user), ...position };
    const { peer, ready } = await connect(user, { from });
    expect(ready).toMatchObject({ offset: 0, head_offset: 3, recovery: 'reset' });
    await peer.until(() => peer.events.length === 3, 'three events');
    expect(offsets(peer)).toEqual([1, 2, 3]);
    await peer.close();
  });

  it('a replay may join deltas, and says how many: the text is whole', async () => {
    const user = freshUser();
    const deltas = Array.from({ length: 300 }, (_, n) => thinking('r1', `${n},`));
    await mustPublish(service.url, user, [started('r1'), ...deltas, completed('r1')]);
    const { peer } = await connect(user, { from: 'earliest' });
    await peer.frame('agent_completed');
    const thoughts = peer.events.filter(({ type }) => type === 'agent_thinking');
    expect(thoughts.map(({ payload }) => String(payload['delta'])).join('')).toBe(
      deltas.map(({ payload }) => String(payload['delta'])).join(''),
    );
    let last = 0;
    for (const event of peer.events) {
      const merged = Number(event['merged'] ?? 1);
      expect(event.offset).toBe(last + merged);
      last = event.offset;
    }
    await peer.close();
  });

  it('many events at once, resumed from the middle while more come', async () => {
    const user = freshUser();
    for (let n = 0; n < 3; n += 1) await mustPublish(service.url, user, notes(900));
    const { peer } = await connect(user, { from: { epoch: await epochOf(user), offset: 100 }, batch: true });
    await mustPublish(service.url, user, notes(300));
    await peer.until(() => peer.events.at(-1)?.offset === 3_000, 'the head');
    expect(offsets(peer)).toEqual(Array.from({ length: 2_900 }, (_, n) => n + 101));
    await peer.close();
  });
});

describe('threads', () => {
  const inThread = (thread_id: string | undefined): PublishedEvent => ({
    ...note(1),
    ...(thread_id === undefined ? {} : { thread_id }),
  });
  const mixed = ['t1', 't2', undefined, 't2', 't2', 't1'].map(inThread);

  function expectChain(events: readonly WireEvent[], from: number): void {
    let last = from;
    for (const event of events) {
      expect(event['prev'] ?? event.offset - 1).toBe(last);
      last = event.offset;
    }
  }

  it('only events of the threads asked for, and of none; prev bridges the rest', async () => {
    const user = freshUser();
    const { peer } = await connect(user, { threads: ['t1'] });
    await mustPublish(service.url, user, mixed);
    await peer.until(() => peer.events.at(-1)?.offset === 6, 'the last event');
    expect(peer.events.map(({ offset, prev }) => ({ offset, prev }))).toEqual([
      { offset: 1, prev: undefined },
      { offset: 3, prev: 1 },
      { offset: 6, prev: 3 },
    ]);
    await peer.close();
  });

  it('a resume with a filter continues the same chain', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, mixed);
    const from = { epoch: await epochOf(user), offset: 3 };
    const { peer } = await connect(user, { threads: ['t1'], from });
    await mustPublish(service.url, user, mixed);
    await peer.until(() => peer.events.at(-1)?.offset === 12, 'the last event');
    expect(offsets(peer)).toEqual([6, 7, 9, 12]);
    expectChain(peer.events, 3);
    await peer.close();
  });

  it('open_runs shows those in view only', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, [started('a', 't1'), started('b', 't2'), started('c')]);
    const { peer, ready } = await connect(user, { threads: ['t2'] });
    expect((ready['open_runs'] as { run_id: string }[]).map(({ run_id }) => run_id)).toEqual(['b', 'c']);
    await peer.close();
  });

  it('a credential for one thread binds also without a filter', async () => {
    const user = freshUser();
    const peer = await Peer.ready(service.url, { token: await tokenFor(service.url, user, ['t1']) });
    await mustPublish(service.url, user, mixed);
    await peer.until(() => peer.events.at(-1)?.offset === 6, 'the last event');
    expect(peer.events.map(({ thread_id }) => thread_id)).toEqual(['t1', undefined, 't1']);
    await peer.close();
  });
});

describe('batch', () => {
  it('true: several frames may come as one message', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(200));
    const { peer } = await connect(user, { batch: true, from: 'earliest' });
    await peer.until(() => peer.events.length === 200, 'all events');
    expect(peer.messages).toBeLessThan(20);
    await peer.close();
  });

  it('absent: one frame per message', async () => {
    const user = freshUser();
    await mustPublish(service.url, user, notes(50));
    const { peer } = await connect(user, { from: 'earliest' });
    await peer.until(() => peer.events.length === 50, 'all events');
    expect(peer.messages).toBe(peer.frames.length);
    await peer.close();
  });
});
