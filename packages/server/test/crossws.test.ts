import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { MemoryEventLog } from '@ws/core';
import { SUBPROTOCOL, WebSocketError } from '@ws/types';
import { serve } from 'crossws/server';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { agentHooks } from '../src/crossws.ts';
import { createServer, type Server, type ServerOptions } from '../src/index.ts';
import { createLogger } from '../src/process.ts';
import { eventsOf, publish } from './support/reach.ts';

const KEY = 'key-of-the-publishers-in-tests-0123456789';

/** A server on crossws for Node. What other runtimes make of the hooks, the contract of hosts tries. */
async function open(options: Partial<ServerOptions> = {}): Promise<{ readonly server: Server; readonly url: string }> {
  const server = await createServer({
    log: new MemoryEventLog(),
    apiKeys: { key: KEY },
    logger: createLogger('silent'),
    authenticate: ({ headers, address }) => {
      const userId = /session=(\w+)/.exec(headers.cookie ?? '')?.[1];
      if (userId === 'expired') throw new WebSocketError('CREDENTIAL_EXPIRED', 'get another one');
      return userId === undefined ? null : { userId: userId === 'address' ? address : userId };
    },
    ...options,
  });
  const host = serve({
    port: 0,
    hostname: '127.0.0.1',
    silent: true,
    gracefulShutdown: false,
    fetch: (request) => server.fetch(request, { address: request.ip ?? '' }),
    websocket: agentHooks(server),
  });
  await host.ready();
  onTestFinished(async () => {
    await server.close({ deadlineMs: 0 });
    await host.close(true);
  });
  return { server, url: (host.url ?? '').replace(/\/$/, '') };
}

interface Refused {
  readonly status: number | undefined;
  readonly body: unknown;
}

async function refusalOf(
  url: string,
  headers: Readonly<Record<string, string>>,
  protocol = SUBPROTOCOL,
): Promise<Refused> {
  const socket = new WebSocket(url.replace('http', 'ws'), protocol, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, body: JSON.parse(body) };
}

describe('hooks for crossws', () => {
  it('deliver over a WebSocket what is published over HTTP, from any position', async () => {
    const { url } = await open();
    await publish(url, KEY, 'alice', 'one');
    await publish(url, KEY, 'alice', 'two');
    expect(await eventsOf(url, { cookie: 'session=alice' }, 2)).toEqual(['one', 'two']);
  });

  it('tell an authenticator the address of the client', async () => {
    const { url } = await open();
    await publish(url, KEY, '127.0.0.1', 'one');
    expect(await eventsOf(url, { cookie: 'session=address' }, 1)).toEqual(['one']);
  });

  it('refuse an upgrade in plain HTTP: a page of another site, another protocol, an address with too many', async () => {
    const { url } = await open({ limits: { connectionsPerAddress: 1 } });
    const cookie = 'session=alice';
    const foreign = await refusalOf(url, { cookie, origin: 'https://evil.example.com' });
    expect(foreign).toMatchObject({ status: 403, body: { error: { code: 'ORIGIN_NOT_ALLOWED' } } });
    const other = await refusalOf(url, { cookie }, 'chat');
    expect(other).toMatchObject({ status: 400, body: { error: { code: 'SUBPROTOCOL_REQUIRED' } } });
    const first = new WebSocket(url.replace('http', 'ws'), SUBPROTOCOL, { headers: { cookie } });
    await once(first, 'open');
    expect(await refusalOf(url, { cookie })).toMatchObject({ status: 429 });
    first.close();
    await once(first, 'close');
    await publish(url, KEY, 'alice', 'one');
    expect(await eventsOf(url, { cookie }, 1)).toEqual(['one']);
  });

  it('refuse a credential in the protocol, where a page can read why', async () => {
    const { url } = await open();
    const socket = new WebSocket(url.replace('http', 'ws'), SUBPROTOCOL, { headers: { cookie: 'session=expired' } });
    const frames: unknown[] = [];
    socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
    expect((await once(socket, 'close'))[0]).toBe(4001);
    expect(frames).toMatchObject([{ type: 'error', code: 'CREDENTIAL_EXPIRED', fatal: true }]);
  });

  it('go on with what a peer says at once, and end with a binary message', async () => {
    const { url } = await open();
    const socket = new WebSocket(url.replace('http', 'ws'), SUBPROTOCOL, { headers: { cookie: 'session=alice' } });
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello' }));
    expect(String((await once(socket, 'message'))[0])).toContain('connection_ready');
    socket.send(Buffer.from('x'));
    expect((await once(socket, 'close'))[0]).toBe(4500);
  });

  it('are made for a server of this package alone', () => {
    expect(() => agentHooks({} as Server)).toThrow('createServer');
  });
});
