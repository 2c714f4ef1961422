import { WebSocketError } from '@ws/types';
import { describe, expect, it } from 'vitest';
import { ClientStore } from '../../src/store/client-store.ts';
import { isSameThread, selectThread } from '../../src/store/select-thread.ts';
import { Frames } from '../support/frames.ts';
import { ScriptedServer, settled } from '../support/scripted-server.ts';

const NOW = 1_790_000_000_000;

async function open() {
  const server = new ScriptedServer();
  const client = await server.client({ backoff: { minMs: 1_000, maxMs: 1_000 }, random: () => 0.5 });
  const frames = new Frames();
  const store = new ClientStore(client, { schedule: frames.schedule, now: () => NOW, monotonic: () => 0 });
  const thread = () => selectThread(store.shown, 't1');
  return { server, client, frames, store, thread };
}

const RUN = { run_id: 'r1', thread_id: 't1' } as const;
const started = { type: 'agent_started', payload: { agent_name: 'a' }, ...RUN } as const;
const text = (delta: string) => ({ type: 'agent_response_chunk', payload: { delta }, ...RUN }) as const;
const ended = { type: 'agent_completed', payload: { status: 'completed', duration_ms: 1 }, ...RUN } as const;

describe('what is shown', () => {
  it('changes once a frame, whatever comes in between', async () => {
    const { server, frames, store } = await open();
    let changes = 0;
    store.subscribe(() => (changes += 1));
    const before = store.shown;
    server.emit(started);
    for (let n = 0; n < 100; n += 1) server.emit(text(`${n} `));
    expect(store.shown).toBe(before);
    frames.show();
    expect({ changes, asked: frames.asked }).toEqual({ changes: 1, asked: 1 });
    expect(store.shown.runs.get('r1')?.response).toMatch(/^0 1 2 .* 99 $/);
    const { shown } = store;
    frames.show();
    expect(store.shown).toBe(shown);
  });

  it('is of one moment: state of the connection, runs and threads together', async () => {
    const { server, frames, store, thread } = await open();
    server.emit(started);
    server.close();
    expect([store.shown.connection.isLive, thread().entries]).toEqual([true, []]);
    frames.show();
    expect([store.shown.connection.isLive, thread().entries]).toEqual([false, [{ kind: 'run', runId: 'r1' }]]);
  });

  it('keeps the parts that did not change', async () => {
    const { server, frames, store } = await open();
    server.emit(started);
    server.emit({ ...started, run_id: 'r2' });
    frames.show();
    const before = store.shown;
    server.emit(text('hm'));
    frames.show();
    expect(store.shown.runs.get('r1')).not.toBe(before.runs.get('r1'));
    expect(store.shown.runs.get('r2')).toBe(before.runs.get('r2'));
    expect(store.shown.threads).toBe(before.threads);
    expect(store.shown.connection).toBe(before.connection);
  });

  it('ends for a listener that is gone', async () => {
    const { server, frames, store } = await open();
    let changes = 0;
    const off = store.subscribe(() => (changes += 1));
    off();
    server.emit(started);
    frames.show();
    expect(changes).toBe(0);
  });
});

describe('the connection', () => {
  it('says when the next try comes, and what is wrong', async () => {
    const { server, frames, store } = await open();
    expect(store.shown.connection).toMatchObject({ isLive: true, isConnected: true, retryAt: null, mode: 'unified' });
    server.send({ type: 'error', code: 'LAGGING_TOO_LONG', message: 'too slow', fatal: true });
    server.close(1013);
    frames.show();
    expect(store.shown.connection).toMatchObject({ isLive: false, isConnected: false, retryAt: NOW + 500 });
    expect(store.shown.connection.error).toMatchObject({ code: 'LAGGING_TOO_LONG' });
  });

  it('tells lagging and degraded apart from broken', async () => {
    const { server, frames, store } = await open();
    server.send({ type: 'lagging', offset: 0, head_offset: 9 });
    server.send({ type: 'mode_changed', mode: 'degraded', reason: 'the log is away' });
    frames.show();
    expect(store.shown.connection).toMatchObject({
      isConnected: true,
      isLive: false,
      isLagging: true,
      isDegraded: true,
    });
    server.send({ type: 'caught_up', offset: 9 });
    server.send({ type: 'mode_changed', mode: 'unified', reason: '' });
    frames.show();
    expect(store.shown.connection).toMatchObject({ isLive: true, isLagging: false, isDegraded: false });
  });
});

describe('a thread', () => {
  it('has messages and runs in their order, and does not change with the text of a run', async () => {
    const { server, frames, thread } = await open();
    server.emit({ type: 'user_message', thread_id: 't1', payload: { message_id: 'm1', text: 'Hi' } });
    server.emit(started);
    server.emit({ ...started, run_id: 'elsewhere', thread_id: 't2' });
    frames.show();
    expect(thread()).toEqual({
      threadId: 't1',
      entries: [
        { kind: 'message', messageId: 'm1', text: 'Hi', status: 'sent', timestamp: 1 },
        { kind: 'run', runId: 'r1' },
      ],
      openRunIds: ['r1'],
      pendingApprovals: [],
      isWorking: true,
    });
    const before = thread();
    server.emit(text('hm'));
    frames.show();
    expect(isSameThread(before, thread())).toBe(true);
    server.emit(ended);
    frames.show();
    expect(isSameThread(before, thread())).toBe(false);
    expect(thread()).toMatchObject({ openRunIds: [], isWorking: false });
  });

  it('has what waits for the user, until it is answered', async () => {
    const { server, frames, thread } = await open();
    server.emit(started);
    const call = { tool_call_id: 'c1', tool_name: 'pay', args: {}, expires_at: 9 };
    server.emit({ type: 'tool_approval_requested', payload: call, ...RUN });
    frames.show();
    expect(thread().pendingApprovals).toEqual([
      { runId: 'r1', toolCallId: 'c1', toolName: 'pay', args: {}, expiresAt: 9 },
    ]);
    expect(isSameThread(thread(), thread())).toBe(true);
    server.emit({ type: 'tool_approval_resolved', payload: { tool_call_id: 'c1', approved: true }, ...RUN });
    frames.show();
    expect(thread().pendingApprovals).toEqual([]);
  });

  it('knows the runs that were open before', async () => {
    const server = new ScriptedServer();
    server.ready = { open_runs: [{ ...RUN, agent_name: 'a', started_offset: 1, pending_approvals: [] }] };
    const client = await server.client();
    const store = new ClientStore(client, { schedule: new Frames().schedule, now: () => NOW, monotonic: () => 0 });
    expect(selectThread(store.shown, 't1')).toMatchObject({
      entries: [{ kind: 'run', runId: 'r1' }],
      openRunIds: ['r1'],
    });
  });

  it('has a run that was open at a reload below the message that it answers, and the runs oldest first', async () => {
    const server = new ScriptedServer();
    server.ready = { open_runs: [{ ...RUN, agent_name: 'a', started_offset: 5, pending_approvals: [] }] };
    const client = await server.client({ from: 'earliest' });
    const frames = new Frames();
    const store = new ClientStore(client, { schedule: frames.schedule, now: () => NOW, monotonic: () => 0 });
    const before = { run_id: 'r0', thread_id: 't1' };
    server.emit({ type: 'user_message', thread_id: 't1', payload: { message_id: 'm0', text: 'Before' } });
    server.emit({ type: 'agent_started', payload: { agent_name: 'a' }, ...before });
    server.emit({ type: 'agent_completed', payload: { status: 'completed', duration_ms: 1 }, ...before });
    server.emit({ type: 'user_message', ...RUN, payload: { message_id: 'm1', text: 'Now' } });
    server.emit(started);
    server.emit({ type: 'user_message', thread_id: 't1', payload: { message_id: 'm2', text: 'And then' } });
    frames.show();
    const ids = selectThread(store.shown, 't1').entries.map((entry) =>
      entry.kind === 'run' ? entry.runId : entry.messageId,
    );
    expect(ids).toEqual(['m0', 'r0', 'm1', 'r1', 'm2']);
    expect([...store.shown.runs.keys()]).toEqual(['r0', 'r1']);
  });

  it('that has no id has the runs whose agents named none, and not those whose later events leave it out', async () => {
    const { server, frames, store, thread } = await open();
    const loose = () => selectThread(store.shown, null);
    const entry = { kind: 'run', runId: 'r9' };
    server.emit(started);
    server.emit({ type: 'agent_response_chunk', payload: { delta: 'hm' }, run_id: 'r1' });
    server.emit({ type: 'agent_started', payload: { agent_name: 'a' }, run_id: 'r9' });
    frames.show();
    expect(loose()).toEqual({
      threadId: null,
      entries: [entry],
      openRunIds: ['r9'],
      pendingApprovals: [],
      isWorking: true,
    });
    expect(thread().entries).toEqual([{ kind: 'run', runId: 'r1' }]);
  });

  it('starts over with the stream', async () => {
    const { server, frames, store, thread } = await open();
    server.emit(started);
    frames.show();
    server.loseLog();
    server.ready = {
      ...server.ready,
      open_runs: [{ run_id: 'r9', thread_id: 't1', agent_name: 'b', started_offset: 0, pending_approvals: [] }],
    };
    server.close();
    store.client.connect();
    await settled();
    frames.show();
    expect(thread().entries).toEqual([{ kind: 'run', runId: 'r9' }]);
    expect([...store.shown.runs.keys()]).toEqual(['r9']);
    expect(store.shown.recent).toEqual([]);
  });
});

describe('a message of this page', () => {
  it('is shown from the moment it is sent, and once when it came back', async () => {
    const { server, frames, store, thread } = await open();
    const sent = store.send({ text: 'Hi', threadId: 't1', messageId: 'm1' });
    frames.show();
    expect(thread()).toMatchObject({ entries: [{ messageId: 'm1', status: 'sending' }], isWorking: true });
    server.send({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'r1' });
    await sent;
    frames.show();
    expect(thread().entries).toMatchObject([{ messageId: 'm1', status: 'sent', runId: 'r1' }]);
    server.emit({ type: 'user_message', thread_id: 't1', run_id: 'r1', payload: { message_id: 'm1', text: 'Hi' } });
    frames.show();
    expect(thread().entries).toEqual([
      { kind: 'message', messageId: 'm1', text: 'Hi', status: 'sent', runId: 'r1', timestamp: 1 },
    ]);
    expect(store.shown.outbox).toEqual([]);
  });

  it('without a thread is in one without a name, and then in the one that the server opens', async () => {
    const { server, frames, store, thread } = await open();
    // A run of no thread is not of this one.
    server.emit({ type: 'agent_started', run_id: 'r7', payload: { agent_name: 'a' } });
    const fresh = () => selectThread(store.shown, undefined);
    const sent = store.send({ text: 'Hi', messageId: 'm1' });
    frames.show();
    expect(fresh()).toMatchObject({
      threadId: undefined,
      entries: [{ messageId: 'm1' }],
      openRunIds: [],
      isWorking: true,
    });
    expect(thread().entries).toEqual([]);
    server.send({ type: 'accepted', ref: 'm1', thread_id: 't1' });
    await sent;
    frames.show();
    expect(thread().entries).toMatchObject([{ messageId: 'm1', status: 'sent' }]);
    expect(fresh().entries).toEqual([]);
  });

  it('that failed says why, until it is sent again or given up', async () => {
    const { server, frames, store, thread } = await open();
    const sent = store.send({ text: 'Hi', threadId: 't1', messageId: 'm1' });
    server.send({ type: 'error', code: 'NO_AGENT', message: 'nobody answers', fatal: false, ref: 'm1' });
    await expect(sent).rejects.toBeInstanceOf(WebSocketError);
    frames.show();
    expect(thread()).toMatchObject({
      entries: [{ messageId: 'm1', status: 'failed', error: { code: 'NO_AGENT' } }],
      isWorking: false,
    });
    void store.send({ text: 'Hi', threadId: 't1', messageId: 'm1' }).catch(() => undefined);
    frames.show();
    expect(thread().entries).toMatchObject([{ messageId: 'm1', status: 'sending' }]);
    store.forget('m1');
    frames.show();
    expect(thread().entries).toEqual([]);
  });

  it('that arrived after it was given up is not shown twice when it is sent again', async () => {
    const { server, frames, store, thread } = await open();
    server.emit({ type: 'user_message', thread_id: 't1', payload: { message_id: 'm1', text: 'Hi' } });
    void store.send({ text: 'Hi', threadId: 't1', messageId: 'm1' }).catch(() => undefined);
    frames.show();
    expect(thread().entries).toHaveLength(1);
  });
});

describe('another user', () => {
  it('is shown nothing of the one before: no run, thread, event or message on its way', async () => {
    const { server, frames, store, thread } = await open();
    server.emit(started);
    server.emit({ type: 'note', payload: { of: 'u1' }, ...RUN } as never);
    store.send({ text: 'of the first', threadId: 't1' }).catch(() => undefined);
    frames.show();
    expect([thread().entries.length, store.shown.recent.length, store.shown.connection.userId]).toEqual([2, 2, 'u1']);
    server.loseLog();
    server.ready = { ...server.ready, user_id: 'u2' };
    server.close();
    store.client.connect();
    await settled();
    frames.show();
    expect(thread().entries).toEqual([]);
    expect(store.shown).toMatchObject({ connection: { userId: 'u2', isLive: true }, outbox: [], recent: [] });
    expect(store.shown.runs.size).toBe(0);
  });

  it('is not taken for one when the numbering is new: what is on its way stays', async () => {
    const { server, frames, store, thread } = await open();
    store.send({ text: 'hello', threadId: 't1' }).catch(() => undefined);
    server.loseLog();
    server.close();
    store.client.connect();
    await settled();
    frames.show();
    expect(thread().entries).toMatchObject([{ text: 'hello', status: 'sending' }]);
  });
});
