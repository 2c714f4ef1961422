import { createClient, type Client, type ClientOptions } from '@ws/client';
import type { UserMessageHandler } from '@ws/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestServer, TestClock, type TestServer, type TestServerOptions } from '../../src/testing.ts';

const echo: UserMessageHandler = async ({ text, manager, threadId, runId }) => {
  await using run = await manager.startRun({ agentName: 'echo', threadId, runId });
  await run.complete({ finalResponse: `You said: ${text}` });
};

async function open(options: TestServerOptions = {}): Promise<TestServer> {
  const server = await createTestServer({ onUserMessage: echo, ...options });
  onTestFinished(async () => server.close());
  return server;
}

function connect(options: ClientOptions): Client {
  const client = createClient(options);
  onTestFinished(() => client.close());
  client.connect();
  return client;
}

/** Sends a message and returns what it is answered. */
async function ask(client: Client, text: string): Promise<string | undefined> {
  const answers = client.stream();
  const { runId } = await client.sendMessage({ text, threadId: 't1' });
  for await (const item of answers) {
    if (item.kind !== 'event' || item.event.type !== 'agent_completed' || item.event.run_id !== runId) continue;
    return item.event.payload.final_response;
  }
  return undefined;
}

const publish = (text: string): RequestInit => ({
  method: 'POST',
  headers: { authorization: 'Bearer dev-key', 'content-type': 'application/json' },
  body: JSON.stringify({ events: [{ type: 'note', payload: { text } }] }),
});

describe('a test server', () => {
  it.each([['websocket'], ['sse']] as const)('answers a user over %s, and another user sees nothing', async (way) => {
    const server = await open();
    const alice = connect({ ...server.clientOptions('alice'), transports: [way] });
    const bob = connect(server.clientOptions('bob'));
    await Promise.all([alice.ready(), bob.ready()]);
    const seen: string[] = [];
    bob.on('*', (event) => seen.push(event.type));
    expect(await ask(alice, 'hello')).toBe('You said: hello');
    expect([alice.transport, alice.userId, bob.userId]).toEqual([way, 'alice', 'bob']);
    expect(seen).toEqual([]);
  });

  it('takes calls of HTTP, by path, address or request', async () => {
    const server = await open();
    const path = '/v1/users/alice/events';
    const url = `http://localhost${path}`;
    for (const input of [path, new URL(url), new Request(url, publish('hi'))]) {
      expect((await server.fetch(input, publish('hi'))).status).toBe(200);
    }
    const { events } = await server.hub.manager({ userId: 'alice' }).history();
    expect(events.map(({ offset }) => offset)).toEqual([1, 2, 3]);
    const metrics = await (await server.fetch('/metrics', { headers: { authorization: 'Bearer dev-key' } })).text();
    expect(metrics).not.toContain('NaN');
  });

  it('gives an authenticator the headers and the token of a client, and its refusals to the client', async () => {
    const server = await open({
      authenticate: ({ headers, token }) => {
        const userId = /session=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? token;
        return userId === undefined ? null : { userId };
      },
    });
    const byCookie = connect(server.clientOptions({ headers: { cookie: 'session=alice' } }));
    const byToken = connect(server.clientOptions({ token: 'bob' }));
    const overHttp = connect({
      ...server.clientOptions({ headers: { cookie: 'session=carol' } }),
      transports: ['sse'],
    });
    await Promise.all([byCookie.ready(), byToken.ready(), overHttp.ready()]);
    expect([byCookie.userId, byToken.userId, overHttp.userId]).toEqual(['alice', 'bob', 'carol']);
    await expect(connect(server.clientOptions({})).ready()).rejects.toMatchObject({
      code: 'CLIENT_CLOSED',
      cause: { code: 'CREDENTIAL_MISSING' },
    });
    expect(() => server.clientOptions('alice')).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('cuts connections off, after which clients go on where they were', async () => {
    const server = await open();
    const alice = connect({ ...server.clientOptions('alice'), backoff: { minMs: 1 } });
    await alice.ready();
    const offsets: number[] = [];
    alice.on('*', ({ offset }) => offsets.push(offset));
    const manager = server.hub.manager({ userId: 'alice' });
    for (let round = 0; round < 3; round += 1) {
      server.cutConnections();
      // While nobody listens.
      await using run = await manager.startRun({ agentName: 'night shift' });
      await run.complete();
      await alice.ready();
    }
    await expect.poll(() => offsets).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('leaves nothing open when it is closed', async () => {
    const server = await createTestServer();
    const alice = connect({ ...server.clientOptions('alice'), transports: ['websocket'] });
    await alice.ready();
    await server.close();
    expect(alice.state.status).not.toBe('live');
    await expect(server.fetch('/healthz')).rejects.toThrow();
  });

  it('refuses what createServer refuses', async () => {
    await expect(createTestServer({ ticketConnectionMs: 1 })).rejects.toMatchObject({ code: 'INVALID_OPTION' });
  });
});

describe('a test server whose time is moved by hand', () => {
  it('keeps a quiet connection over ten minutes of heartbeats', async () => {
    const clock = new TestClock();
    const server = await open({ clock });
    const alice = connect(server.clientOptions('alice'));
    await alice.ready();
    const states: string[] = [];
    alice.on('state', ({ status }) => states.push(status));
    await clock.advance(10 * 60_000);
    expect(states.filter((status) => status !== 'live')).toEqual([]);
    expect(await ask(alice, 'still there?')).toBe('You said: still there?');
  });

  it('lapses an approval at its time and no earlier', async () => {
    const clock = new TestClock();
    const server = await open({ clock });
    const alice = connect(server.clientOptions('alice'));
    await alice.ready();
    const decided: boolean[] = [];
    alice.on('tool_approval_resolved', ({ payload }) => decided.push(payload.approved));
    await using run = await server.hub.manager({ userId: 'alice' }).startRun({ agentName: 'mailer' });
    const answer = run.requestApproval({ toolName: 'send_mail', args: {}, timeoutMs: 60_000 });
    await clock.advance(59_000);
    expect(decided).toEqual([]);
    await clock.advance(2_000);
    expect(decided).toEqual([false]);
    expect(await answer).toMatchObject({ approved: false });
  });

  it('has a client wait before it comes back', async () => {
    const clock = new TestClock();
    const server = await open({ clock });
    const alice = connect({ ...server.clientOptions('alice'), random: () => 0.999 });
    await alice.ready();
    server.cutConnections();
    await clock.settle();
    expect(alice.state.status).toBe('waiting');
    await clock.advance(400);
    expect(alice.state.status).toBe('waiting');
    const back = alice.ready();
    await clock.advance(200);
    await back;
  });
});
