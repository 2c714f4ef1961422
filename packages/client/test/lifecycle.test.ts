import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FakeServer } from './support/fake-server.ts';
import { connected, record, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

describe('connecting', () => {
  it('is idempotent, and says what it does', async () => {
    const { client, server, statuses } = setup();
    expect(client.state).toEqual({ status: 'idle' });
    client.connect();
    client.connect();
    await settle();
    client.connect();
    expect(server.connections).toHaveLength(1);
    expect(statuses()).toEqual(['connecting', 'live']);
  });

  it('connects by itself with autoConnect', async () => {
    const { server } = setup({ autoConnect: true });
    await settle();
    expect(server.connections).toHaveLength(1);
  });

  it('gives up a socket that does not get ready in time', async () => {
    const server = new FakeServer();
    server.door = 'hang';
    const { client, clock, errors } = await connected({ connectTimeoutMs: 3_000 }, server);
    await clock.advance(2_999);
    expect(client.state.status).toBe('connecting');
    await clock.advance(1);
    expect(client.state.status).toBe('waiting');
    expect(errors.map(({ code }) => code)).toEqual(['HELLO_TIMEOUT']);
  });

  it('asks for the address on each connect', async () => {
    let calls = 0;
    const { server, clock } = await connected({ url: async () => `wss://server/ws?ticket=${(calls += 1)}` });
    server.connection.close(1006);
    await clock.advance(500);
    expect(server.connections.map(({ socket }) => socket.url)).toEqual([
      'wss://server/ws?ticket=1',
      'wss://server/ws?ticket=2',
    ]);
  });

  it('waits and retries when the address fails', async () => {
    const { client, errors } = await connected({ url: () => Promise.reject(new Error('down')) });
    expect(client.state.status).toBe('waiting');
    expect(errors.map(({ code, details }) => [code, details])).toEqual([['CALLBACK_FAILED', { callback: 'url' }]]);
  });
});

describe('reconnecting', () => {
  it('backs off with full jitter, and anew after a connection that lasted', async () => {
    const server = new FakeServer();
    server.door = 'refuse';
    const { client, clock, states } = await connected({ backoff: { minMs: 1_000, maxMs: 5_000 } }, server);
    await clock.advance(500 + 1_000 + 2_000 + 2_500);
    server.door = 'open';
    await clock.advance(2_500);
    expect(client.state.status).toBe('live');
    server.connection.close(1006);
    await clock.advance(2_500);
    expect(client.state.status).toBe('live');
    await clock.advance(5_000);
    server.connection.close(1006);
    const waits = states.flatMap((state) => (state.status === 'waiting' ? [state.retryInMs] : []));
    expect(waits).toEqual([500, 1_000, 2_000, 2_500, 2_500, 2_500, 500]);
  });

  it.each([1001, 1005, 1006, 1011, 1012, 1013, 4001, 4008, 4099])('comes back after %i', async (code) => {
    const { client, server, clock } = await connected({ token: () => 'a.b.c' });
    server.connection.close(code);
    expect(client.state).toMatchObject({ status: 'waiting', code, attempt: 1 });
    await clock.advance(500);
    expect(client.state.status).toBe('live');
  });

  it.each([
    [1000, 'NORMAL'],
    [1009, 'MESSAGE_TOO_BIG'],
    [4500, 'PROTOCOL_ERROR'],
    [4501, 'UNAUTHORIZED'],
    [4503, 'NOT_ALLOWED'],
    [4509, 'REPLACED'],
    [4777, 'UNKNOWN'],
  ])('stays away after %i', async (code, reason) => {
    const { client, server, clock } = await connected();
    server.connection.close(code);
    expect(client.state).toEqual({ status: 'closed', reason, code });
    expect(clock.timers).toBe(0);
    client.connect();
    await settle();
    expect(client.state.status).toBe('live');
  });

  it('says why the server closed', async () => {
    const { client, server } = await connected();
    server.connection.send({ type: 'error', code: 'CREDENTIAL_INVALID', message: 'unknown key', fatal: true });
    server.connection.close(4501);
    expect(client.state).toMatchObject({ reason: 'UNAUTHORIZED', error: { code: 'CREDENTIAL_INVALID' } });
  });

  it('comes back slower after 4029', async () => {
    const { client, server } = await connected();
    server.connection.close(4029);
    expect(client.state).toMatchObject({ status: 'waiting', retryInMs: 15_000 });
  });

  it('tries at once when told to connect while it waits', async () => {
    const { client, server } = await connected();
    server.connection.close(4029);
    client.connect();
    await settle();
    expect(client.state.status).toBe('live');
  });

  it('leaves a draining server when told, without waiting for its close, and loses nothing', async () => {
    const { client, server, clock } = await connected();
    const seen = record(client);
    server.connection.send({ type: 'server_draining', reconnect_after_ms: 700 });
    server.emit('agent_thinking', { delta: 'a' });
    await clock.advance(699);
    expect(server.connections).toHaveLength(1);
    server.append('agent_thinking', { delta: 'b' });
    await clock.advance(1);
    expect(server.connections).toHaveLength(2);
    expect(server.connections[0]?.closedWith).toBe(1000);
    expect(seen).toEqual([1, 2]);
  });

  it('keeps to that time when the draining server closes first', async () => {
    const { client, server, clock } = await connected();
    server.connection.send({ type: 'server_draining', reconnect_after_ms: 700 });
    await clock.advance(100);
    server.connection.close(1012);
    expect(client.state).toMatchObject({ status: 'waiting', retryInMs: 600 });
  });

  it('tries often for 15 s to find a server that restarts, and seldom after that', async () => {
    const { client, server, states, clock } = await connected();
    server.connection.send({ type: 'server_draining', reconnect_after_ms: 700 });
    server.door = 'refuse';
    await clock.advance(60_000);
    const waits = states.flatMap((state) => (state.status === 'waiting' ? [state.retryInMs] : []));
    // Half of the longest waits, by this test's dice.
    expect(waits.slice(0, 30)).toEqual([250, ...Array.from({ length: 29 }, () => 500)]);
    expect(waits.slice(31)).toEqual(Array.from({ length: 5 }, () => 10_000));
    expect(client.state.status).toBe('waiting');
  });

  it('goes back to WebSockets where the code for the way over HTTP can not be loaded', async () => {
    // As after a deployment whose files have other names.
    vi.doMock('../src/event-stream-socket.ts', () => {
      throw new Error('404');
    });
    onTestFinished(() => void vi.doUnmock('../src/event-stream-socket.ts'));
    const server = new FakeServer();
    server.door = 'refuse';
    const { client, clock, errors } = await connected({ transports: ['websocket', 'sse'] }, server);
    await clock.advance(500);
    expect(server.connections).toHaveLength(2);
    server.door = 'open';
    await vi.waitFor(async () => {
      await clock.advance(1_000);
      expect(errors).toHaveLength(1);
    });
    expect(errors[0]).toMatchObject({ code: 'INTERNAL', message: expect.stringContaining('sse') as string });
    await clock.advance(20_000);
    expect(client.state.status).toBe('live');
    expect(client.transport).toBe('websocket');
    expect(server.connections).toHaveLength(3);
  });

  it('shows when the server calls it lagging', async () => {
    const { client, server, states } = await connected();
    server.connection.send({ type: 'lagging', offset: 0, head_offset: 2 });
    const replay: boolean[] = [];
    client.on('*', (_, context) => replay.push(context.replay));
    for (const text of ['a', 'b', 'c']) server.emit('agent_thinking', { delta: text });
    server.connection.send({ type: 'caught_up', offset: 3 });
    expect(states.slice(2)).toEqual([{ status: 'lagging', headOffset: 2 }, { status: 'live' }]);
    expect(replay).toEqual([true, true, false]);
  });
});

describe('closing', () => {
  it('leaves nothing behind', async () => {
    const { client, server, clock } = await connected();
    server.emit('agent_thinking', { delta: 'a' });
    client.close();
    expect(client.state).toEqual({ status: 'closed', reason: 'CLIENT_CLOSED' });
    expect(server.connection.closedWith).toBe(1000);
    expect(server.connection.frames('ack')).toEqual([{ type: 'ack', offset: 1 }]);
    expect(clock.timers).toBe(0);
  });

  it('stops a connect that is still waiting for its token', async () => {
    let give = (_token: string): void => {};
    const { client, server } = await connected({ token: () => new Promise<string>((resolve) => (give = resolve)) });
    client.close();
    give('a.b.c');
    await settle();
    expect(server.connections).toHaveLength(0);
  });

  it('takes a close from within any listener or handler', async () => {
    for (const name of ['ready', 'state', 'mode'] as const) {
      const { client, clock } = setup();
      client.on(name, () => client.close());
      client.connect();
      await clock.advance(60_000);
      expect(client.state.status).toBe('closed');
      expect(clock.timers).toBe(0);
    }
    const { client, server } = await connected();
    const seen = record(client);
    client.on('*', () => client.close());
    const events = [server.append('agent_thinking', { delta: 'a' }), server.append('agent_thinking', { delta: 'b' })];
    server.connection.send(events);
    expect(seen).toEqual([1]);
  });

  it('tells every listener the states in their order', async () => {
    const { client } = setup();
    const told: string[] = [];
    client.on('state', ({ status }) => status === 'connecting' && client.close());
    client.on('state', ({ status }) => told.push(status));
    client.connect();
    await settle();
    expect(told).toEqual(['connecting', 'closed']);
  });
});
