import { describe, expect, it } from 'vitest';
import type { Client } from '../src/client.ts';
import { createRunStore } from '../src/runs/run-store.ts';
import { FakeServer } from './support/fake-server.ts';
import { connected, record, type Setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const delta = (text: string) => ({ delta: text });
const openRun = { run_id: 'r2', thread_id: 't2', agent_name: 'analyst', started_offset: 3, pending_approvals: [] };

/** A client that sees t1, at offset 0 of a stream that is at 4 by now. */
async function seesT1(): Promise<Setup> {
  const server = new FakeServer();
  const all = await connected({ threads: ['t1'] }, server);
  for (const text of ['a', 'b', 'c', 'd']) server.append('agent_thinking', delta(text), { run_id: 'r2' });
  return all;
}

/** The answer to the newest set_threads. */
function accepted({ server }: Setup, more: object = {}): object {
  const asked = server.connection.frames('set_threads').at(-1);
  const threads = asked?.threads === undefined ? {} : { threads: asked.threads };
  return { type: 'accepted', ref: asked?.request_id, offset: 4, ...threads, open_runs: [], ...more };
}

/** What the client would say on its next connection. */
async function nextHello({ client, server, clock }: Setup): Promise<object | undefined> {
  server.connection.close(1006);
  await clock.advance(5_000);
  expect(client.state.status).toBe('live');
  return server.connection.frames('hello')[0];
}

describe('setThreads()', () => {
  it('holds from the answer on: what follows in the same message is in the new view', async () => {
    const all = await seesT1();
    const { client, server, errors } = all;
    const seen = record(client);
    const told: unknown[] = [];
    client.on('threads', (threads) => told.push(threads, client.openRuns));
    const asked = client.setThreads(['t2']);
    expect(server.connection.frames('set_threads')).toMatchObject([{ threads: ['t2'] }]);
    expect(client.threads).toEqual(['t1']);
    const next = server.append('agent_thinking', delta('e'), { run_id: 'r2' });
    server.connection.send([accepted(all, { open_runs: [openRun] }), next]);
    expect(await asked).toEqual({ epoch: 'e1', offset: 4 });
    expect([seen, errors, server.connections.length]).toEqual([[5], [], 1]);
    expect(told).toEqual([['t2'], [openRun]]);
    expect(client.position).toEqual({ epoch: 'e1', offset: 5 });
  });

  it('holds for connections that follow, which go on from the offset of the answer', async () => {
    const all = await seesT1();
    const asked = all.client.setThreads(['t2', 't3']);
    all.server.connection.send(accepted(all));
    await asked;
    expect(await nextHello(all)).toMatchObject({ threads: ['t2', 't3'], from: { epoch: 'e1', offset: 4 } });
    const all2 = await seesT1();
    const everything = all2.client.setThreads(null);
    all2.server.connection.send(accepted(all2));
    await everything;
    expect(all2.client.threads).toBeNull();
    expect(await nextHello(all2)).not.toHaveProperty('threads');
  });

  it('is asked again on the next connection, whose hello names the threads before', async () => {
    const all = await seesT1();
    const { client, server } = all;
    const asked = client.setThreads(['t2']);
    expect(await nextHello(all)).toMatchObject({ threads: ['t1'] });
    expect(server.connection.frames('set_threads')).toMatchObject([{ threads: ['t2'] }]);
    server.connection.send(accepted(all));
    await asked;
    expect(client.threads).toEqual(['t2']);
  });

  it('changes nothing where it is refused', async () => {
    const all = await seesT1();
    const { client, server } = all;
    const asked = client.setThreads(['t2']);
    const ref = server.connection.frames('set_threads')[0]?.request_id;
    server.connection.send({ type: 'error', code: 'THREAD_NOT_ALLOWED', message: 'not t2', fatal: false, ref });
    await expect(asked).rejects.toMatchObject({ code: 'THREAD_NOT_ALLOWED' });
    expect(client.threads).toEqual(['t1']);
    expect(await nextHello(all)).toMatchObject({ threads: ['t1'] });
  });

  it('that was given up holds all the same where the server has done it', async () => {
    const all = await seesT1();
    const controller = new AbortController();
    const asked = all.client.setThreads(['t2'], { signal: controller.signal });
    controller.abort('enough');
    await expect(asked).rejects.toBe('enough');
    all.server.connection.send(accepted(all));
    expect(await nextHello(all)).toMatchObject({ threads: ['t2'], from: { offset: 4 } });
  });

  it('from the earliest event starts over: a reset, and the stream of the new view', async () => {
    const all = await seesT1();
    const { client, server, clock } = all;
    const told: unknown[] = [];
    client.on('reset', ({ offset }) => told.push(['reset', offset]));
    client.on('*', ({ offset }) => told.push(offset));
    const asked = client.setThreads(['t2'], { from: 'earliest' });
    server.connection.send(accepted(all));
    expect(await asked).toEqual({ epoch: 'e1', offset: 0 });
    // The first try breaks off.
    server.manners = 'manual';
    await settle();
    server.connection.close(1006);
    server.manners = 'polite';
    await clock.advance(5_000);
    expect(server.connection.frames('hello')).toMatchObject([{ threads: ['t2'], from: 'earliest' }]);
    expect(told).toEqual([['reset', 0], 1, 2, 3, 4]);
    expect(await nextHello(all)).toMatchObject({ threads: ['t2'], from: { epoch: 'e1', offset: 4 } });
    expect(told).toHaveLength(5);
  });

  it.each<[string, Parameters<Client['setThreads']>, string]>([
    ['no thread', [[]], 'INVALID_FRAME'],
    ['something that is no id', [['a b']], 'INVALID_FRAME'],
    ['101 threads', [Array.from({ length: 101 }, (_, n) => `t${n}`)], 'INVALID_FRAME'],
    ['another beginning', [['t2'], { from: 'oldest' as never }], 'INVALID_OPTION'],
  ])('refuses %s before anything is sent', async (_, given, code) => {
    const { client, server } = await seesT1();
    await expect(client.setThreads(...given)).rejects.toMatchObject({ code });
    expect(server.connection.frames('set_threads')).toEqual([]);
  });

  it('shows the open runs of the new threads', async () => {
    const all = await seesT1();
    const store = createRunStore(all.client);
    const asked = all.client.setThreads(['t2']);
    all.server.connection.send(accepted(all, { open_runs: [openRun] }));
    await asked;
    expect(store.getSnapshot()).toMatchObject([{ run_id: 'r2', status: 'running', agent_name: 'analyst' }]);
  });
});
