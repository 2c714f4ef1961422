import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { MemoryEventLog } from '@ws/core';
import { WebSocketError } from '@ws/types';
import { SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createServer, jwt, type AuthenticateRequest, type Server, type ServerOptions } from '../src/index.ts';
import { createLogger } from '../src/process.ts';
import { eventsOf, publish } from './support/reach.ts';

declare module '@ws/types' {
  interface ApplicationEvents {
    note: { text: string };
  }
}

const SECRET = 'a secret for tests that nobody else knows';
const KEY = 'key-of-the-publishers-in-tests-0123456789';

const logger = createLogger('silent');

/** Sessions in a cookie: `session=alice` is Alice. */
const cookies: AuthenticateRequest = ({ headers }) => {
  const userId = /(?:^|; )session=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  if (userId === undefined) return null;
  if (userId === 'stolen') throw new WebSocketError('CREDENTIAL_INVALID', 'the session has ended: sign in again');
  return { userId, tokenId: `session-of-${userId}` };
};

async function open(options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await createServer({
    log: new MemoryEventLog(),
    authenticate: cookies,
    apiKeys: { key: KEY },
    logger,
    ...options,
  });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  return server;
}

const tokenOf = async (user: string): Promise<string> =>
  new SignJWT().setProtectedHeader({ alg: 'HS256' }).setSubject(user).sign(new TextEncoder().encode(SECRET));

describe('a server that listens', () => {
  it('delivers what is published to the user of a cookie, and of a token, in one list', async () => {
    const server = await open({ authenticate: [cookies, jwt({ secret: SECRET })] });
    const { url } = await server.listen({ port: 0 });
    await publish(url, KEY, 'alice', 'over HTTP');
    await server.hub.manager({ userId: 'alice' }).emit({ type: 'note', payload: { text: 'in process' } });
    expect(await eventsOf(url, { cookie: 'session=alice' }, 2)).toEqual(['over HTTP', 'in process']);
    const headers = { authorization: `Bearer ${await tokenOf('alice')}` };
    expect(await eventsOf(url, headers, 2)).toEqual(['over HTTP', 'in process']);
  });

  it('refuses what an authenticator refuses, what is nonsense, and what no authenticator knows', async () => {
    const server = await open({ authenticate: [cookies, () => ({ userId: 'a b' })] });
    const { url } = await server.listen({ port: 0 });
    const status = async (cookie?: string): Promise<number> =>
      (await fetch(`${url}/v1/events`, { headers: cookie === undefined ? {} : { cookie } })).status;
    expect(await status('session=stolen')).toBe(401);
    expect(await status()).toBe(500);
    expect(await status('session=alice')).toBe(200);
  });

  it('signs one session out by its id', async () => {
    const server = await open();
    const { url } = await server.listen({ port: 0 });
    const ask = async (): Promise<number> =>
      (await fetch(`${url}/v1/events`, { headers: { cookie: 'session=alice' } })).status;
    expect(await ask()).toBe(200);
    await server.hub.revoke({ userId: 'alice', tokenId: 'session-of-alice', expiresAt: Date.now() + 60_000 });
    expect(await ask()).toBe(401);
  });

  it('refuses a page of another site with a cookie, and lets one of an allowed origin read with it', async () => {
    const server = await open({ allowedOrigins: ['https://app.example.com'] });
    const { url } = await server.listen({ port: 0 });
    const ask = async (origin: string): Promise<Response> =>
      fetch(`${url}/v1/events`, { headers: { cookie: 'session=alice', origin } });
    expect((await ask('https://evil.example.com')).status).toBe(403);
    const { status, headers } = await ask('https://app.example.com');
    expect(status).toBe(200);
    expect(headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(headers.get('access-control-allow-credentials')).toBe('true');
  });

  it('hands what is no call of it to the fallback, body and all, and answers what that passes on', async () => {
    const server = await open();
    const { url } = await server.listen({
      port: 0,
      fallback: (request, response, next) => {
        if (request.url === '/unknown') return next();
        if (request.url === '/full') return next(new WebSocketError('OVERLOADED', 'try again'));
        request.pipe(response);
      },
    });
    const echo = await fetch(`${url}/echo`, {
      method: 'POST',
      body: 'hello',
      headers: { 'content-type': 'text/plain' },
    });
    expect(await echo.text()).toBe('hello');
    const unknown = await fetch(`${url}/unknown`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toMatchObject({ code: 'NOT_FOUND' });
    const full = await fetch(`${url}/full`);
    expect(full.status).toBe(503);
    expect(await full.json()).toMatchObject({ code: 'OVERLOADED' });
  });

  it('has the manners of a library: no signal handlers, one log that it closes, no second life', async () => {
    const before = process.eventNames().map((name) => process.listenerCount(name));
    const log = new MemoryEventLog();
    let closed = 0;
    log.close = () => {
      closed += 1;
    };
    const server = await open({ log });
    const { url } = await server.listen({ port: 0 });
    expect(process.eventNames().map((name) => process.listenerCount(name))).toEqual(before);
    await Promise.all([server.close({ deadlineMs: 0 }), server.close()]);
    expect(closed).toBe(1);
    await expect(fetch(url)).rejects.toThrow();
    await expect(server.listen({ port: 0 })).rejects.toMatchObject({ code: 'DRAINING' });
  });

  it('says in a sentence that a port is in use, and closes nothing of its own', async () => {
    const server = await open();
    const { url } = await server.listen({ port: 0 });
    const port = Number(new URL(url).port);
    await expect(server.listen({ port })).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });
});

describe('a server that is attached', () => {
  it('leaves other paths, other upgrades and the server itself to the application', async () => {
    const own = createHttpServer((request, response) => response.end(`own ${request.url}`));
    own.listen(0, '127.0.0.1');
    await once(own, 'listening');
    onTestFinished(() => void own.close());
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
    const server = await open();
    await server.attach(own, { path: '/live', basePath: '/agents' });
    expect(await (await fetch(`${url}/v1/events`)).text()).toBe('own /v1/events');
    expect(await (await fetch(`${url}/agentsandmore`)).text()).toBe('own /agentsandmore');
    await publish(`${url}/agents`, KEY, 'alice', 'hello');
    expect(await eventsOf(url, { cookie: 'session=alice' }, 1, '/live')).toEqual(['hello']);
    await expect(eventsOf(url, { cookie: 'session=alice' }, 1, '/ws')).rejects.toThrow('404');
    const upgraded = once(own, 'upgrade');
    own.on('upgrade', (request, socket) => request.url === '/own' && socket.end('HTTP/1.1 418 Teapot\r\n\r\n'));
    await expect(eventsOf(url, {}, 1, '/own')).rejects.toThrow('418');
    await upgraded;
    await server.close({ deadlineMs: 0 });
    expect(await (await fetch(`${url}/agents/healthz`)).text()).toBe('own /agents/healthz');
  });

  it('takes WebSockets beside the calls of HTTP, where a client looks for them', async () => {
    const own = createHttpServer().listen(0, '127.0.0.1');
    await once(own, 'listening');
    onTestFinished(() => void own.close());
    const url = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
    const server = await open();
    await server.attach(own, { basePath: '/agents/' });
    await publish(`${url}/agents`, KEY, 'alice', 'hello');
    expect(await eventsOf(url, { cookie: 'session=alice' }, 1, '/agents/ws')).toEqual(['hello']);
    await server.close({ deadlineMs: 0 });
  });

  it.each([
    ['a server of HTTP/2', () => createSecureServer(), {}, /HTTP\/2 has no WebSocket upgrade/],
    ['an invalid path', () => createHttpServer(), { path: 'ws' }, /'ws' is not a path/],
    ['an invalid base path', () => createHttpServer(), { basePath: '/a?b' }, /'\/a\?b' is not a path/],
  ])('refuses %s', async (_what, make, options, message) => {
    const server = await open();
    await expect(server.attach(make() as Parameters<Server['attach']>[0], options)).rejects.toThrow(message);
  });
});

describe('options that cannot be', () => {
  const log = new MemoryEventLog();
  const good = { log, authenticate: cookies, logger };
  it.each<[string, object, RegExp]>([
    ['no log', { authenticate: cookies }, /option log: must be an event log/],
    ['no authenticator', { log }, /option authenticate: must say who users are/],
    ['a typing error', { ...good, allowedOrigin: [] }, /option allowedOrigin: did you mean allowedOrigins\?/],
    [
      'a hub option that is none',
      { ...good, tuning: { heartbeat: 1 } },
      /no hub option tuning.heartbeat: did you mean tuning.heartbeatMs/,
    ],
    ['a limit of the hub that is none', { ...good, limits: { eventByte: 1 } }, /did you mean limits.eventBytes\?/],
    ['a limit of the hub out of range', { ...good, limits: { openRunsPerUser: 0 } }, /limits.openRunsPerUser must be/],
    ['a limit that is none', { ...good, limits: { publishRates: 1 } }, /no limit limits.publishRates: did you mean/],
    ['a limit out of range', { ...good, limits: { historyPages: 0 } }, /limits.historyPages must be a whole number/],
    [
      'an origin with a path',
      { ...good, allowedOrigins: ['https://a.example/x'] },
      /'https:\/\/a.example\/x' is not an origin/,
    ],
    [
      'proxies that are everybody',
      { ...good, trustedProxies: ['0.0.0.0/0'] },
      /'0.0.0.0\/0' is not an address or range/,
    ],
    [
      'development beside a key',
      { log, development: true, apiKeys: { key: KEY } },
      /leave out authenticate and apiKeys/,
    ],
    [
      'tickets that live a moment',
      { ...good, ticketConnectionMs: 1 },
      /ticketConnectionMs: must be an integer of milliseconds/,
    ],
    ['an API key that can be guessed', { ...good, apiKeys: { key: 'hunter2' } }, /option apiKeys.key: .* has only 7/],
  ])('%s', async (_what, options, message) => {
    await expect(createServer(options as ServerOptions)).rejects.toThrow(message);
  });

  it.each<[string, Parameters<typeof jwt>[0], RegExp]>([
    ['no keys', {}, /one of secret, secretFile and jwksUrl is needed/],
    ['two sources of keys', { secret: SECRET, jwksUrl: 'https://id.example.com' }, /secret and jwksUrl: choose one/],
    ['a weak secret, which is not repeated', { secret: 'hunter2' }, /^(?!.*hunter2).*at least 32 random characters/],
    ['an algorithm of the other kind', { secret: SECRET, algorithms: ['RS256'] }, /algorithms must be some of HS256/],
    ['an address that is none', { jwksUrl: 'keys' }, /jwksUrl must be an http or https URL/],
  ])('jwt with %s', (_what, options, message) => {
    expect(() => jwt(options)).toThrow(message);
  });
});
