import { MemoryEventLog } from '@ws/core';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, type Server } from '../src/index.ts';
import { createLogger } from '../src/process.ts';

const KEY = 'key-of-the-publishers-in-tests-0123456789';

async function open(): Promise<Server> {
  const server = await createServer({
    log: new MemoryEventLog(),
    apiKeys: { key: KEY },
    logger: createLogger('silent'),
    authenticate: ({ headers, address }) => {
      const userId = /session=(\w+)/.exec(headers.cookie ?? '')?.[1];
      return userId === undefined ? null : { userId: userId === 'address' ? address : userId };
    },
  });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  return server;
}

const publish = (text: string, user = 'alice', base = ''): Request =>
  new Request(`https://app.example.com${base}/v1/users/${user}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [{ type: 'note', payload: { text } }] }),
  });

const read = (headers: Readonly<Record<string, string>> = {}, query = ''): Request =>
  new Request(`https://app.example.com/v1/events${query}`, { headers: { cookie: 'session=alice', ...headers } });

/** Reads an event stream until it has brought some text. */
async function readUntil(response: Response, wanted: string): Promise<string> {
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes(wanted)) break;
  }
  return text;
}

const connectionsOf = (server: Server): number => server.hub.stats().connections;

describe('requests of the web', () => {
  it('publish and read, without a port', async () => {
    const server = await open();
    const answer = await server.fetch(publish('hello'));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ offsets: [1] });
    const page = await server.fetch(read());
    expect(await page.json()).toMatchObject({ events: [{ type: 'note', payload: { text: 'hello' } }] });
    expect((await server.fetch(new Request('http://server/healthz'))).headers.get('connection')).toBeNull();
  });

  it('are refused in the form of the protocol, also while their body is still sent', async () => {
    const server = await open();
    const request = new Request('http://server/v1/users/alice/events', { method: 'POST', body: 'x'.repeat(3_000_000) });
    const refused = await server.fetch(request);
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'CREDENTIAL_MISSING' });
    const foreign = await server.fetch(read({ origin: 'https://evil.example.com' }));
    expect(foreign.status).toBe(403);
    // The page of the address itself is no foreign one.
    expect((await server.fetch(read({ origin: 'https://app.example.com' }))).status).toBe(200);
    expect((await server.fetch(read({ origin: 'http://app.example.com' }))).status).toBe(403);
  });

  it('have the address that the framework says', async () => {
    const server = await open();
    const request = (): Request => new Request('http://server/v1/events', { headers: { cookie: 'session=address' } });
    await server.hub
      .manager({ userId: '192.0.2.7' })
      .emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
    const { events } = (await (await server.fetch(request(), { address: '192.0.2.7' })).json()) as { events: object[] };
    expect(events).toHaveLength(1);
  });

  it('get an event stream, whose connection ends with the reader', async () => {
    const server = await open();
    const stream = await server.fetch(read({ accept: 'text/event-stream' }));
    expect(stream.headers.get('content-type')).toContain('text/event-stream');
    // Frameworks that compress answers would hold events back.
    expect(stream.headers.get('cache-control')).toContain('no-transform');
    const seen = readUntil(stream, 'later');
    await expect.poll(() => connectionsOf(server)).toBe(1);
    await server.fetch(publish('later'));
    expect(await seen).toContain('event: connection_ready');
    await expect.poll(() => connectionsOf(server)).toBe(0);
  });

  it('are ended by their signal', async () => {
    const server = await open();
    const abort = new AbortController();
    const request = new Request(read({ accept: 'text/event-stream' }), { signal: abort.signal });
    const stream = await server.fetch(request);
    await expect.poll(() => connectionsOf(server)).toBe(1);
    abort.abort();
    await expect(readUntil(stream, 'never')).rejects.toThrow();
    await expect.poll(() => connectionsOf(server)).toBe(0);
  });

  it('delay no other where an event stream is not read', async () => {
    const server = await open();
    const unread = await server.fetch(read({ accept: 'text/event-stream' }));
    const text = 'x'.repeat(100_000);
    for (let n = 0; n < 50; n += 1) await (await server.fetch(publish(text))).arrayBuffer();
    const { totals } = server.hub.inspect();
    expect(totals.bufferedBytes).toBeLessThan(2_000_000);
    const whole = readUntil(unread, `"offset":50`);
    expect(await whole).toContain('"offset":1,');
    expect(await whole).toContain('"offset":50');
  });

  it('are answered below a base path, in an app of Hono as elsewhere', async () => {
    const server = await open();
    const app = new Hono();
    app.get('/own', (context) => context.text('own'));
    app.all('/agents/*', async (context) => server.fetch(context.req.raw, { basePath: '/agents' }));
    expect(await (await app.request('/own')).text()).toBe('own');
    expect((await app.request(publish('hello', 'alice', '/agents'))).status).toBe(200);
    await expect(server.fetch(publish('hello'), { basePath: '/agents' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('of another machine are refused in development mode, whatever their headers say', async () => {
    const server = await createServer({ log: new MemoryEventLog(), development: true, logger: createLogger('silent') });
    onTestFinished(async () => server.close({ deadlineMs: 0 }));
    const ask = async (address: string): Promise<number> =>
      (await server.fetch(new Request('http://localhost/healthz'), { address })).status;
    expect(await ask('127.0.0.1')).toBe(200);
    expect(await ask('::ffff:127.0.0.1')).toBe(200);
    for (const address of ['192.0.2.1', '10.0.0.7', '::ffff:192.0.2.1', 'nonsense'])
      expect(await ask(address)).toBe(403);
  });

  it('are refused when the server is closed', async () => {
    const server = await open();
    const stream = await server.fetch(read({ accept: 'text/event-stream' }));
    const end = readUntil(stream, 'event: close');
    await server.close({ deadlineMs: 2_000 });
    expect(await end).toContain('server_draining');
    await expect(server.fetch(read())).rejects.toMatchObject({ code: 'DRAINING' });
  });
});
