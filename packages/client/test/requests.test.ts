import { describe, expect, it } from 'vitest';
import type { WebSocketError } from '@ws/types';
import { FakeServer } from './support/fake-server.ts';
import { connected, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const codeOf = (promise: Promise<unknown>) => promise.then(String, (error: WebSocketError) => error.code);

describe('requests', () => {
  it('sends a message and gives back what became of it', async () => {
    const { client, server } = await connected();
    const sent = client.sendMessage({ text: 'Hi', threadId: 't1', messageId: 'm1' });
    expect(server.connection.frames('user_message')).toEqual([
      { type: 'user_message', message_id: 'm1', thread_id: 't1', payload: { text: 'Hi' } },
    ]);
    server.connection.send({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'r1' });
    expect(await sent).toEqual({ messageId: 'm1', threadId: 't1', runId: 'r1' });
  });

  it('makes up a message id that is new each time', async () => {
    const { client, server } = await connected({ random: Math.random });
    void codeOf(client.sendMessage({ text: 'a' }));
    void codeOf(client.sendMessage({ text: 'a' }));
    const ids = server.connection.frames('user_message').map(({ message_id }) => message_id);
    expect(new Set(ids).size).toBe(2);
    expect(ids.every((id) => /^[0-9a-f]{24}$/.test(id))).toBe(true);
  });

  it('cancels runs and answers approvals', async () => {
    const { client, server } = await connected();
    const cancelled = client.cancelRun('r1');
    const answered = client.answerApproval({ runId: 'r1', toolCallId: 'c1', approved: false, reason: 'no' });
    expect(server.connection.said.slice(1)).toEqual([
      { type: 'cancel_run', run_id: 'r1' },
      { type: 'tool_approval', run_id: 'r1', tool_call_id: 'c1', approved: false, reason: 'no' },
    ]);
    server.connection.send({ type: 'error', ref: 'c1', code: 'APPROVAL_NOT_PENDING', message: 'lapsed', fatal: false });
    server.connection.send({ type: 'accepted', ref: 'r1' });
    await cancelled;
    expect(await codeOf(answered)).toBe('APPROVAL_NOT_PENDING');
  });

  it('waits for a connection, and sends again after each reconnect until answered', async () => {
    const { client, server, clock } = setup();
    const sent = client.sendMessage({ text: 'Hi', messageId: 'm1' });
    const second = client.cancelRun('r1');
    client.connect();
    await settle();
    server.connection.send({ type: 'accepted', ref: 'r1' });
    await second;
    server.connection.close(1006);
    await clock.advance(500);
    expect(server.connections.map(({ said }) => said.map(({ type }) => type))).toEqual([
      ['hello', 'user_message', 'cancel_run'],
      ['hello', 'user_message'],
    ]);
    server.connection.send({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'r1' });
    await sent;
    server.connection.close(1006);
    await clock.advance(1_000);
    expect(server.connection.frames('user_message')).toEqual([]);
  });

  it('sends again after the reconnect what a draining server refused', async () => {
    const { client, server, clock } = await connected();
    const sent = client.sendMessage({ text: 'Hi', messageId: 'm1' });
    server.connection.send({ type: 'error', ref: 'm1', code: 'DRAINING', message: 'going away', fatal: false });
    server.connection.close(1012);
    await clock.advance(5_000);
    expect(server.connection.frames('user_message')).toHaveLength(1);
    server.connection.send({ type: 'accepted', ref: 'm1', thread_id: 't1', run_id: 'r1' });
    expect(await sent).toMatchObject({ runId: 'r1' });
  });

  it('rejects at the deadline, connected or not', async () => {
    const { client, clock } = setup({ requestTimeoutMs: 1_000 });
    const first = codeOf(client.sendMessage({ text: 'a' }));
    const second = codeOf(client.sendMessage({ text: 'b' }, { timeoutMs: 5_000 }));
    await clock.advance(1_000);
    expect(await first).toBe('REQUEST_TIMEOUT');
    client.connect();
    await clock.advance(4_000);
    expect(await second).toBe('REQUEST_TIMEOUT');
  });

  it('can be given up', async () => {
    const { client } = await connected();
    const controller = new AbortController();
    const sent = client.sendMessage({ text: 'a' }, { signal: controller.signal });
    controller.abort(new Error('user left'));
    await expect(sent).rejects.toThrow('user left');
    await expect(client.cancelRun('r1', { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
  });

  it('rejects when the client closes or is closed', async () => {
    const { client } = await connected();
    const sent = codeOf(client.sendMessage({ text: 'a' }));
    client.close();
    expect(await sent).toBe('CLIENT_CLOSED');
    expect(await codeOf(client.cancelRun('r1'))).toBe('CLIENT_CLOSED');
  });

  it('refuses what the server would close the connection for', async () => {
    const server = new FakeServer();
    server.ready = { max_message_bytes: 100 };
    const { client } = await connected({}, server);
    expect(await codeOf(client.sendMessage({ text: '' }))).toBe('INVALID_FRAME');
    expect(await codeOf(client.sendMessage({ text: 'a', messageId: 'with space' }))).toBe('INVALID_FRAME');
    expect(await codeOf(client.sendMessage({ text: 'ä'.repeat(60) }))).toBe('MESSAGE_TOO_BIG');
    expect(server.connection.said).toHaveLength(1);
  });
});

describe('ack', () => {
  it('tells what the handlers saw, not more often than asked', async () => {
    const { server, clock } = await connected({ ackIntervalMs: 200 });
    server.emit('agent_thinking', { delta: 'a' });
    server.emit('agent_thinking', { delta: 'b' });
    expect(server.connection.frames('ack')).toEqual([]);
    await clock.advance(200);
    server.emit('agent_thinking', { delta: 'c' });
    await clock.advance(1_000);
    expect(server.connection.frames('ack').map(({ offset }) => offset)).toEqual([2, 3]);
  });

  it('is the application’s business where it says so', async () => {
    const { client, server, clock } = await connected({ ack: 'manual' });
    for (const delta of ['a', 'b', 'c']) server.emit('agent_thinking', { delta });
    await clock.advance(1_000);
    client.ack(2);
    client.ack(1);
    await clock.advance(1_000);
    client.ack(99);
    await clock.advance(1_000);
    expect(server.connection.frames('ack').map(({ offset }) => offset)).toEqual([2, 3]);
    expect(() => client.ack(1.5)).toThrow('offset');
  });

  it('does not reach back over a reset', async () => {
    const { server, clock } = await connected();
    for (const delta of ['a', 'b', 'c']) server.emit('agent_thinking', { delta });
    server.loseLog();
    server.append('agent_thinking', { delta: 'x' });
    server.connection.close(1006);
    await clock.advance(5_000);
    expect(server.connection.frames('ack').map(({ offset }) => offset)).toEqual([1]);
  });
});
