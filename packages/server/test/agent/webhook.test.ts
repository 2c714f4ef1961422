import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { MemoryEventLog } from '@ws/core';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createServer, webhook, type Server, type ServerOptions, type WebhookOptions } from '../../src/index.ts';
import { agentService, type AgentService } from '../support/agent-service.ts';

const KEY = 'key-of-the-publishers-in-tests-0123456789';
const SECRET = 'whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXMgbG9uZyE=';
const OTHER = 'whsec_YW5vdGhlciBzZWNyZXQgZm9yIHRlc3RzLCBhcyBsb25nLg==';

const lines: string[] = [];

/** A server whose agent is called, and tries again without a wait. */
async function open(
  agent: Pick<AgentService, 'url'>,
  options: Partial<WebhookOptions> = {},
  more: Partial<ServerOptions> = {},
): Promise<{ readonly server: Server; readonly url: string }> {
  lines.length = 0;
  const sink = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const server = await createServer({
    log: new MemoryEventLog(),
    authenticate: () => ({ userId: 'alice' }),
    apiKeys: { key: KEY },
    logger: pino({ level: 'warn' }, sink),
    agent: webhook({ url: agent.url, secret: SECRET, random: () => 0, ...options }),
    ...more,
  });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  return { server, ...(await server.listen({ port: 0 })) };
}

async function post(
  url: string,
  path: string,
  body: unknown,
  key?: string,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const say = async (url: string, text: string): Promise<unknown> => {
  const frame = { type: 'user_message', message_id: text, thread_id: 't1', payload: { text: `${text}, said alice` } };
  return (await post(url, '/v1/frames', frame)).body;
};

const endsOf = async ({ hub }: Server): Promise<readonly unknown[]> => {
  const { events } = await hub.manager({ userId: 'alice' }).history({ limit: 1_000 });
  return events.filter(({ type }) => type === 'agent_completed').map(({ payload }) => payload);
};

describe('an agent that is called over HTTP', () => {
  it('gets what users say, cancel and decide, signed, and publishes its answer', async () => {
    const agent = await agentService(SECRET);
    const { url, server } = await open(agent);
    expect(await say(url, 'hi')).toMatchObject({ type: 'accepted', ref: 'hi', run_id: 'run-hi', thread_id: 't1' });
    await vi.waitFor(() => expect(agent.received).toHaveLength(1));
    const [{ call, id } = { call: undefined, id: '' }] = agent.received;
    expect(call).toEqual({
      ...{ call_id: id, type: 'user_message', user_id: 'alice', thread_id: 't1', run_id: 'run-hi', attempt: 1 },
      payload: { message_id: 'hi', text: 'hi, said alice' },
      timestamp: expect.any(Number) as number,
    });
    const start = { type: 'agent_started', run_id: 'run-hi', thread_id: 't1', payload: { agent_name: 'elsewhere' } };
    const expires_at = Date.now() + 60_000;
    const ask = { tool_call_id: 'c1', tool_name: 'delete', args: {}, expires_at };
    const events = [start, { type: 'tool_approval_requested', run_id: 'run-hi', payload: ask }];
    expect((await post(url, '/v1/users/alice/events', { events }, KEY)).status).toBe(200);
    await post(url, '/v1/frames', { type: 'tool_approval', run_id: 'run-hi', tool_call_id: 'c1', approved: true });
    await post(url, '/v1/frames', { type: 'cancel_run', run_id: 'run-hi' });
    await vi.waitFor(() => expect(agent.received.map(({ call: { type } }) => type)).toHaveLength(3));
    expect(agent.received.map(({ call: { type, payload } }) => ({ type, ...payload }))).toEqual([
      expect.objectContaining({ type: 'user_message' }),
      { type: 'tool_approval', tool_call_id: 'c1', approved: true },
      { type: 'cancel_run' },
    ]);
    const late = { events: [{ type: 'agent_thinking', run_id: 'run-hi', payload: { delta: 'x' } }] };
    expect(await post(url, '/v1/users/alice/events', late, KEY)).toMatchObject({
      status: 409,
      body: { code: 'RUN_CANCELLED' },
    });
    expect(server.hub.stats()).toMatchObject({ callsTaken: 3, callsFailed: 0, waitingCalls: 0 });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/^ws_agent_calls_taken_total 3$/m);
    expect(metrics).not.toContain('alice');
  });

  it.each([
    ['500', 500],
    ['503, with the wait that it asks for', { status: 503, headers: { 'retry-after': '0' } }],
    ['404, which a deployment may mend', 404],
    ['302, which is not followed', { status: 302, headers: { location: 'http://127.0.0.1:1/other' } }],
  ] as const)('that answers %s is called again, under the same id', async (_name, fault) => {
    const agent = await agentService(SECRET);
    const elsewhere = await agentService(SECRET);
    let faults = 3;
    const answer =
      typeof fault === 'object' && fault.status === 302 ? { ...fault, headers: { location: elsewhere.url } } : fault;
    agent.answer = () => ((faults -= 1) >= 0 ? answer : 200);
    const { url, server } = await open(agent);
    await say(url, 'hi');
    await vi.waitFor(() => expect(server.hub.stats().callsTaken).toBe(1));
    expect(agent.received.map(({ call: { attempt } }) => attempt)).toEqual([1, 2, 3, 4]);
    expect(new Set(agent.received.map(({ id }) => id)).size).toBe(1);
    expect(elsewhere.received).toEqual([]);
    expect(server.hub.stats()).toMatchObject({ callsRetried: 3 });
  });

  it('that is down is called again when it is up', async () => {
    const placeholder = createHttpServer();
    await new Promise<void>((resolve) => placeholder.listen(0, '127.0.0.1', resolve));
    const { port } = placeholder.address() as AddressInfo;
    await new Promise((resolve) => placeholder.close(resolve));
    const { url, server } = await open({ url: `http://127.0.0.1:${port}/calls` }, { random: () => 0.05 });
    await say(url, 'hi');
    await vi.waitFor(() => expect(server.hub.stats().callsRetried).toBeGreaterThan(0));
    const up = createHttpServer(
      (request, response) => void request.resume().on('end', () => response.writeHead(202).end()),
    );
    await new Promise<void>((resolve) => up.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void up.close());
    await vi.waitFor(() => expect(server.hub.stats().callsTaken).toBe(1), { timeout: 5_000 });
    expect(lines.join('')).toContain('ECONNREFUSED');
  });

  it('that is slow is given up for this time, and called again', async () => {
    const agent = await agentService(SECRET);
    agent.answer = ({ attempt }) => (attempt === 1 ? 'hang' : 200);
    const { url, server } = await open(agent, { attemptMs: 200 });
    await say(url, 'hi');
    await vi.waitFor(() => expect(server.hub.stats().callsTaken).toBe(1), { timeout: 5_000 });
    expect(agent.received.map(({ call: { attempt } }) => attempt)).toEqual([1, 2]);
  });

  it.each([400, 410, 422])('that answers %i has refused the call: the run ends', async (status) => {
    const agent = await agentService(SECRET);
    agent.answer = () => status;
    const { url, server } = await open(agent);
    await say(url, 'hi');
    await vi.waitFor(async () =>
      expect(await endsOf(server)).toMatchObject([{ status: 'interrupted', error: 'the agent refused the message' }]),
    );
    expect(agent.received).toHaveLength(1);
  });

  it('that knows another secret takes nothing until it knows the right one, also while secrets are changed', async () => {
    const agent = await agentService(OTHER);
    const { url, server } = await open(agent, { random: () => 0.05 });
    await say(url, 'hi');
    await vi.waitFor(() => expect(server.hub.stats().callsRetried).toBeGreaterThan(0));
    expect(server.hub.stats().callsTaken).toBe(0);
    agent.secret = SECRET;
    await vi.waitFor(() => expect(server.hub.stats().callsTaken).toBe(1), { timeout: 5_000 });

    const both = await open(agent, { secret: [OTHER, SECRET] });
    for (const [index, secret] of [OTHER, SECRET].entries()) {
      agent.secret = secret;
      await say(both.url, `hi ${index}`.replace(' ', '-'));
      await vi.waitFor(() => expect(both.server.hub.stats().callsTaken).toBe(index + 1));
    }
    expect(agent.received.at(-1)?.signatures).toHaveLength(2);
    expect(both.server.hub.stats().callsRetried).toBe(0);
  });

  it('that is gone for too long leaves a run that ends, and a call that an administrator sends again', async () => {
    const agent = await agentService(SECRET);
    agent.answer = () => 500;
    const { url, server } = await open(agent, { horizonMs: 300, random: () => 0.05 });
    await say(url, 'hi');
    await vi.waitFor(
      async () =>
        expect(await endsOf(server)).toMatchObject([{ status: 'interrupted', error: 'the agent did not answer' }]),
      { timeout: 5_000 },
    );
    const headers = { authorization: `Bearer ${KEY}` };
    const list = async (): Promise<{ readonly waiting: unknown[]; readonly failed: { readonly call_id: string }[] }> =>
      (await (await fetch(`${url}/v1/agent/calls`, { headers })).json()) as Awaited<ReturnType<typeof list>>;
    await vi.waitFor(async () => expect((await list()).failed).toHaveLength(1));
    const { failed, waiting } = await list();
    expect(waiting).toEqual([]);
    expect(failed).toMatchObject([
      { type: 'user_message', user_id: 'alice', run_id: 'run-hi', reason: 'the agent did not answer' },
    ]);
    // What the user said and where the agent is are in no answer; the address is in the log alone, without its query.
    expect(JSON.stringify(failed)).not.toContain('said alice');
    expect(JSON.stringify([failed, await endsOf(server)])).not.toContain('127.0.0.1');
    const logged = lines.join('');
    expect(logged).toContain('a call to the agent was given up');
    expect(logged).toContain(new URL(agent.url).origin);
    for (const secret of ['in-the-address', 'said alice', SECRET.slice(6)]) expect(logged).not.toContain(secret);

    agent.received.length = 0;
    agent.answer = () => 200;
    const path = `/v1/agent/calls/${failed[0]?.call_id ?? ''}/send`;
    expect(await post(url, path, {}, KEY)).toMatchObject({ status: 202, body: { run_id: 'run-hi~again~2' } });
    await vi.waitFor(() => expect(agent.received).toHaveLength(1));
    expect(agent.received[0]?.call).toMatchObject({ run_id: 'run-hi~again~2', payload: { text: 'hi, said alice' } });
    expect(await post(url, path, {}, KEY)).toMatchObject({ status: 404 });
  });

  it('keeps a silent run by a call, which also tells that it was cancelled', async () => {
    const agent = await agentService(SECRET);
    const { url } = await open(agent);
    await say(url, 'hi');
    const extend = async (run: string): Promise<unknown> => post(url, `/v1/users/alice/runs/${run}/extend`, {}, KEY);
    expect(await extend('run-hi')).toMatchObject({ status: 200, body: { run_id: 'run-hi' } });
    await post(url, '/v1/frames', { type: 'cancel_run', run_id: 'run-hi' });
    expect(await extend('run-hi')).toMatchObject({ status: 409, body: { code: 'RUN_CANCELLED' } });
    expect(await extend('run-none')).toMatchObject({ status: 409, body: { code: 'RUN_NOT_OPEN' } });
  });

  it('is named in options that are checked, and no secret is repeated', async () => {
    const good = { url: 'https://agent.example.com', secret: SECRET };
    expect(() => webhook(good)).not.toThrow();
    for (const [option, wrong] of [
      ['url', { url: 'ftp://agent.example.com' }],
      ['url', { url: 'nonsense' }],
      ['url', { url: 'https://user:hunter2@agent.example.com' }],
      ['secret', { secret: [] }],
      ['secret', { secret: 'short' }],
      ['secret', { secret: 'whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
      ['secret[1]', { secret: [SECRET, 'not base64 but long enough to be a secret'] }],
    ] as const) {
      const make = (): unknown => webhook({ ...good, ...wrong });
      expect(make, JSON.stringify(wrong)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message: expect.stringContaining(`webhook: ${option} `) as string,
        }),
      );
      expect(make).not.toThrow(/hunter2|AAAA|not base64/);
    }
    const options = { log: new MemoryEventLog(), authenticate: () => null };
    const both = { ...options, agent: webhook(good), onUserMessage: () => undefined };
    await expect(createServer(both)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    const zero = { ...options, agent: webhook({ ...good, horizonMs: 0 }) };
    await expect(createServer(zero)).rejects.toThrow(/horizonMs/);
    const nonsense = { ...options, agent: 'https://agent.example.com' as never };
    await expect(createServer(nonsense)).rejects.toThrow(/server option agent/);
  });

  it('is what a server without one says is missing', async () => {
    const server = await createServer({ log: new MemoryEventLog(), authenticate: () => ({ userId: 'alice' }) });
    onTestFinished(async () => server.close({ deadlineMs: 0 }));
    const { url } = await server.listen({ port: 0 });
    const answer = await say(url, 'hi');
    expect(answer).toMatchObject({ code: 'NO_AGENT' });
    for (const name of ['onUserMessage', 'agent', 'WS_AGENT_URL', 'WS_AGENT_INBOX']) {
      expect(JSON.stringify(answer)).toContain(name);
    }
  });
});
