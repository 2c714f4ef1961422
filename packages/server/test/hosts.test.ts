import { once } from 'node:events';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { MemoryEventLog } from '@ws/core';
import { WebSocketError } from '@ws/types';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer, type Server } from '../src/index.ts';
import { createLogger } from '../src/process.ts';
import { eventsOf, publish } from './support/reach.ts';

const KEY = 'key-of-the-publishers-in-tests-0123456789';

/** An application with a route of its own, which says what it was sent. */
interface Host {
  readonly server: HttpServer;
  /** Begins to listen, where the host does not by itself. */
  listen?(): void | Promise<unknown>;
}

const HOSTS: Readonly<Record<string, () => Host>> = {
  'node:http': () => ({
    server: createHttpServer((request, response) => {
      response.setHeader('x-host', 'own');
      request.pipe(response);
    }),
  }),
  Express: () => {
    const app = express();
    app.post('/echo', express.text(), (request, response) => void response.set('x-host', 'own').send(request.body));
    return { server: createHttpServer(app) };
  },
  Fastify: () => {
    const app = Fastify();
    app.post('/echo', async (request, reply) => reply.header('x-host', 'own').send(request.body));
    return { server: app.server, listen: async () => app.listen({ port: 0, host: '127.0.0.1' }) };
  },
  Hono: () => {
    const app = new Hono();
    app.post('/echo', async (context) => context.text(await context.req.text(), 200, { 'x-host': 'own' }));
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }) as HttpServer;
    return { server, listen: () => undefined };
  },
};

describe.each(Object.entries(HOSTS))('attached to a server of %s', (_name, make) => {
  const host = make();
  let server: Server;
  let url: string;

  beforeAll(async () => {
    server = await createServer({
      log: new MemoryEventLog(),
      apiKeys: { key: KEY },
      logger: createLogger('silent'),
      authenticate: ({ headers }) => {
        const userId = /session=(\w+)/.exec(headers.cookie ?? '')?.[1];
        if (userId === undefined) return null;
        if (userId === 'stolen') throw new WebSocketError('CREDENTIAL_INVALID', 'sign in again');
        return { userId };
      },
    });
    await server.attach(host.server, { basePath: '/agents' });
    if (host.listen === undefined) host.server.listen(0, '127.0.0.1');
    else await host.listen();
    if (!host.server.listening) await once(host.server, 'listening');
    url = `http://127.0.0.1:${(host.server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await server.close({ deadlineMs: 0 });
    host.server.close();
    host.server.closeAllConnections();
  });

  const echo = async (): Promise<Response> =>
    fetch(`${url}/echo`, { method: 'POST', body: 'hello', headers: { 'content-type': 'text/plain' } });

  it('delivers over a WebSocket what is published over HTTP, from any position', async () => {
    await publish(`${url}/agents`, KEY, 'alice', 'one');
    await publish(`${url}/agents`, KEY, 'alice', 'two');
    expect(await eventsOf(url, { cookie: 'session=alice' }, 2)).toEqual(['one', 'two']);
  });

  it('serves the same as Server-Sent Events', async () => {
    await publish(`${url}/agents`, KEY, 'bob', 'one');
    const headers = { cookie: 'session=bob', accept: 'text/event-stream' };
    const response = await fetch(`${url}/agents/v1/events`, { headers });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('"text":"one"')) break;
    }
    expect(text).toContain('event: connection_ready');
  });

  it('refuses with the code of the protocol', async () => {
    const refused = await fetch(`${url}/agents/v1/events`, { headers: { cookie: 'session=stolen' } });
    expect(refused.status).toBe(401);
    expect(await refused.json()).toMatchObject({ code: 'CREDENTIAL_INVALID' });
    const early = await fetch(`${url}/agents/v1/users/alice/events`, { method: 'POST', body: 'x'.repeat(3_000_000) });
    expect(early.status).toBe(401);
    await expect(eventsOf(url, {}, 1, '/elsewhere')).rejects.toThrow('404');
  });

  it('leaves the routes of the application alone, also when it is closed', async () => {
    const answer = await echo();
    expect(answer.headers.get('x-host')).toBe('own');
    expect(await answer.text()).toBe('hello');
    await server.close({ deadlineMs: 0 });
    expect(await (await echo()).text()).toBe('hello');
    await expect(eventsOf(url, { cookie: 'session=alice' }, 1)).rejects.toThrow(
      /Unexpected server response: (200|404)/,
    );
  });
});
