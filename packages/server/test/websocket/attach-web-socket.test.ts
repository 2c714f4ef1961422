import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MemoryEventLog } from '@ws/core';
import { FakeClock } from '@ws/core/testing';
import { SUBPROTOCOL, WebSocketError } from '@ws/types';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createServer, type OpenWebSocket, type Server, type ServerOptions } from '../../src/index.ts';
import { createLogger } from '../../src/process.ts';

const HEARTBEAT_MS = 25_000;

async function open(options: Partial<ServerOptions> = {}): Promise<Server> {
  const server = await createServer({
    log: new MemoryEventLog(),
    logger: createLogger('silent'),
    authenticate: ({ token, headers }) => {
      if (token === 'expired') throw new WebSocketError('CREDENTIAL_EXPIRED', 'get another one');
      const userId = token ?? /session=(\w+)/.exec(headers.cookie ?? '')?.[1];
      return userId === undefined ? null : { userId };
    },
    ...options,
  });
  onTestFinished(async () => server.close({ deadlineMs: 0 }));
  return server;
}

/** Hides what the sockets of Deno and of Workers do not have: pings, pongs, cutting off, and events of Node. */
function asOfTheWeb(socket: WebSocket): OpenWebSocket {
  return {
    send: (text) => socket.send(text),
    close: (code, reason) => socket.close(code, reason),
    get bufferedAmount() {
      return socket.bufferedAmount;
    },
    get readyState() {
      return socket.readyState;
    },
    addEventListener: (type: never, listener: never) => socket.addEventListener(type, listener),
  };
}

/** A framework that does the handshake by itself, and hands over each socket with its request. */
async function framework(onSocket: (socket: WebSocket, request: Request) => void): Promise<string> {
  const http = createHttpServer();
  const sockets = new WebSocketServer({ server: http, handleProtocols: () => SUBPROTOCOL });
  sockets.on('connection', (socket, { headers, url = '/' }) => {
    const given = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    onSocket(socket, new Request(`http://${headers.host ?? ''}${url}`, { headers: given }));
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate();
    http.close();
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
}

interface Heard {
  readonly socket: WebSocket;
  readonly frames: { readonly type: string; readonly offset?: number; readonly code?: string }[];
  readonly closed: Promise<number>;
}

/** Connects, says hello at once, and notes what it hears. */
async function visit(url: string, headers: Readonly<Record<string, string>> = {}, autoPong = true): Promise<Heard> {
  // The types of `ws` do not know the option yet.
  const options = { headers, autoPong };
  const socket = new WebSocket(url, SUBPROTOCOL, options);
  const frames: Heard['frames'] = [];
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString()) as Heard['frames'][number]));
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'hello', from: 'earliest' }));
  return { socket, frames, closed };
}

const emitNote = async (server: Server, text: string): Promise<unknown> =>
  server.hub.manager({ userId: 'alice' }).emit({ type: 'note', payload: { text } });

describe.each([
  ['a WebSocket of ws', (socket: WebSocket): OpenWebSocket => socket],
  ['a WebSocket without pings', asOfTheWeb],
])('%s whose handshake a framework has done', (_name, given) => {
  it('is served to the user of its upgrade, with what was said before the check was over', async () => {
    const server = await open();
    await emitNote(server, 'one');
    const url = await framework((socket, request) => server.attachWebSocket(given(socket), request));
    const { frames } = await visit(url, { cookie: 'session=alice' });
    await expect.poll(() => frames.map(({ type }) => type)).toEqual(['connection_ready', 'note']);
  });

  it('is refused in the protocol: a credential, the page of another site, a server that goes away', async () => {
    const server = await open();
    const url = await framework((socket, request) => server.attachWebSocket(given(socket), request));
    const expired = await visit(url, { authorization: 'Bearer expired' });
    expect(await expired.closed).toBe(4001);
    expect(expired.frames).toMatchObject([{ type: 'error', code: 'CREDENTIAL_EXPIRED', fatal: true }]);
    const foreign = await visit(url, { cookie: 'session=alice', origin: 'https://evil.example.com' });
    expect(await foreign.closed).toBe(4503);
    await server.close({ deadlineMs: 0 });
    expect(await (await visit(url, { cookie: 'session=alice' })).closed).toBe(1012);
  });

  it('is closed with 1009 for a message that is too long, and counted no longer when it is gone', async () => {
    const server = await open({ limits: { messageBytes: 1_000, connectionsPerAddress: 1 } });
    const url = await framework((socket, request) =>
      server.attachWebSocket(given(socket), request, { address: '192.0.2.1' }),
    );
    const first = await visit(url, { cookie: 'session=alice' });
    await expect.poll(() => first.frames.length).toBe(1);
    const second = await visit(url, { cookie: 'session=alice' });
    expect(await second.closed).toBe(1013);
    expect(second.frames).toMatchObject([{ code: 'TOO_MANY_CONNECTIONS' }]);
    first.socket.send('x'.repeat(1_001));
    expect(await first.closed).toBe(1009);
    const third = await visit(url, { cookie: 'session=alice' });
    await expect.poll(() => third.frames.map(({ type }) => type)).toEqual(['connection_ready']);
  });

  it('is closed with the server, and reads a drain before', async () => {
    const server = await open();
    const url = await framework((socket, request) => server.attachWebSocket(given(socket), request));
    const { frames, closed } = await visit(url, { cookie: 'session=alice' });
    await expect.poll(() => frames.length).toBe(1);
    await server.close({ deadlineMs: 500 });
    expect(await closed).toBe(1012);
    expect(frames.at(-1)).toMatchObject({ type: 'server_draining' });
  });

  it('takes the token of hello where the request is not known', async () => {
    const server = await open();
    const url = await framework((socket) => server.attachWebSocket(given(socket)));
    const missing = await visit(url, { cookie: 'session=alice' });
    expect(await missing.closed).toBe(4501);
    const socket = new WebSocket(url, SUBPROTOCOL);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'hello', token: 'alice' }));
    const [ready] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(ready.toString())).toMatchObject({ type: 'connection_ready', user_id: 'alice' });
  });

  it('that does not read is written no more than its budget, and gets everything in order when it reads', async () => {
    const server = await open({ tuning: { outboundBudgetBytes: 200_000 } });
    const handed: WebSocket[] = [];
    const url = await framework((socket, request) => {
      handed.push(socket);
      server.attachWebSocket(given(socket), request);
    });
    const { socket, frames } = await visit(url, { cookie: 'session=alice' });
    await expect.poll(() => frames.length).toBe(1);
    socket.pause();
    const text = 'x'.repeat(100_000);
    for (let n = 0; n < 150; n += 1) await emitNote(server, text);
    await expect.poll(() => server.hub.inspect().totals.connections.lagging).toBe(1);
    expect(server.hub.inspect().totals.bufferedBytes).toBeLessThan(200_000 + 2 * 100_200);
    // The runtime holds no more than a piece and the message that passed it.
    expect(handed[0]?.bufferedAmount).toBeLessThan(16_384 + 2 * 100_200);
    socket.resume();
    await expect.poll(() => frames.filter(({ type }) => type === 'note').length, { timeout: 20_000 }).toBe(150);
    const offsets = frames.filter(({ type }) => type === 'note').map(({ offset }) => offset);
    expect(offsets).toEqual(Array.from({ length: 150 }, (_, n) => n + 1));
  });
});

describe('a peer that is silent', () => {
  async function silentFor(intervals: number, given: (socket: WebSocket) => OpenWebSocket): Promise<Heard> {
    const clock = new FakeClock();
    const server = await open({ clock, tuning: { heartbeatMs: HEARTBEAT_MS } });
    const url = await framework((socket, request) => server.attachWebSocket(given(socket), request));
    const heard = await visit(url, { cookie: 'session=alice' }, false);
    await expect
      .poll(async () => {
        await clock.advance(50);
        return heard.frames.length;
      })
      .toBe(1);
    for (let n = 0; n < intervals; n += 1) await clock.advance(HEARTBEAT_MS);
    await emitNote(server, 'still there?');
    await clock.advance(50);
    return heard;
  }

  it('is cut off where it could have answered a ping', async () => {
    const { closed, frames } = await silentFor(4, (socket) => socket);
    expect([1006, 4008]).toContain(await closed);
    expect(frames.map(({ type }) => type)).not.toContain('note');
  });

  it('stays where its socket cannot ping: its runtime looks for dead peers', async () => {
    const { frames, socket } = await silentFor(4, asOfTheWeb);
    await expect.poll(() => frames.map(({ type }) => type)).toContain('note');
    expect(socket.readyState).toBe(WebSocket.OPEN);
  });
});

it('refuses what is no WebSocket of the web', async () => {
  const server = await open();
  const ofBun = { readyState: 1, send: () => undefined, close: () => undefined } as unknown as OpenWebSocket;
  expect(() => server.attachWebSocket(ofBun)).toThrow('@ws/server/crossws');
});
