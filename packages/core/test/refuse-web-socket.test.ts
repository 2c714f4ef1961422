import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { ERROR_CODES, SUBPROTOCOL, type ErrorCode } from '@ws/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { refuseWebSocket } from '../src/ws.ts';

let http: Server;
let error: { readonly code: ErrorCode; readonly message: string };
const sockets: Socket[] = [];

beforeEach(async () => {
  http = createServer();
  http.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    sockets.push(socket);
    refuseWebSocket(request, socket, error);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  http.close();
});

const port = (): number => (http.address() as AddressInfo).port;

/** What a WebSocket sees, which also sends at once. */
async function refusal(protocols: string[]) {
  const socket = new WebSocket(`ws://127.0.0.1:${port()}`, protocols);
  const frames: unknown[] = [];
  socket.on('open', () => socket.send('{"type":"hello"}'));
  socket.on('message', (data: Buffer) => frames.push(JSON.parse(data.toString())));
  socket.on('error', ({ message }) => frames.push(message));
  const code = await new Promise<number>((resolve) => socket.on('close', resolve));
  return { code, frames };
}

/** The answer to a handshake with these headers in place of good ones. */
async function plainAnswer(headers: Readonly<Record<string, string>>) {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', ...headers };
  const request = httpRequest({ host: '127.0.0.1', port: port(), headers: upgrade }).end();
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode, body: JSON.parse(Buffer.concat(chunks).toString()) as unknown };
}

describe('an upgrade is refused', () => {
  it.each([
    ['CREDENTIAL_EXPIRED', 4001],
    ['CREDENTIAL_INVALID', 4501],
    ['CREDENTIAL_REVOKED', 4501],
    ['CREDENTIAL_MISSING', 4501],
  ] as const)('in the protocol: %s → %i, whatever the peer says meanwhile', async (code, closeCode) => {
    // Long enough for each form of a frame's length.
    for (const message of ['no', 'ü'.repeat(200)]) {
      error = { code, message };
      const frames = [{ type: 'error', code, message, fatal: true }];
      expect(await refusal([SUBPROTOCOL])).toEqual({ code: closeCode, frames });
    }
    await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });

  it.each(['ORIGIN_NOT_ALLOWED', 'TOO_MANY_CONNECTIONS', 'DRAINING', 'INTERNAL'] as const)(
    'with plain HTTP: %s',
    async (code) => {
      error = { code, message: 'no' };
      const frames = [`Unexpected server response: ${ERROR_CODES[code].status}`];
      expect(await refusal([SUBPROTOCOL])).toEqual({ code: 1006, frames });
    },
  );

  it.each([
    ['without the subprotocol', { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' }],
    ['without a key', { 'sec-websocket-protocol': SUBPROTOCOL, 'sec-websocket-version': '13' }],
    [
      'of another version',
      {
        'sec-websocket-protocol': SUBPROTOCOL,
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '12',
      },
    ],
  ])('with plain HTTP for a handshake %s', async (_name, headers) => {
    error = { code: 'CREDENTIAL_EXPIRED', message: 'too old' };
    expect(await plainAnswer(headers)).toEqual({ status: 401, body: { error } });
  });
});

it('a refused peer that keeps its end open is cut off after two seconds', async () => {
  error = { code: 'CREDENTIAL_INVALID', message: 'no' };
  const request = httpRequest({
    host: '127.0.0.1',
    port: port(),
    headers: {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-protocol': SUBPROTOCOL,
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'sec-websocket-version': '13',
    },
  }).end();
  const [, peer] = (await once(request, 'upgrade')) as [IncomingMessage, Socket];
  peer.allowHalfOpen = true;
  peer.on('error', () => {});
  peer.resume();
  const [socket] = sockets;
  expect(socket?.destroyed).toBe(false);
  await expect.poll(() => socket?.destroyed, { timeout: 4_000 }).toBe(true);
  peer.destroy();
});

it('the answer to a refused upgrade is heard by a peer that is still sending', async () => {
  error = { code: 'DRAINING', message: 'later' };
  const peer = connect({ port: port(), host: '127.0.0.1', allowHalfOpen: true });
  let answer = '';
  peer.setEncoding('utf8').on('data', (text: string) => (answer += text));
  peer.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await once(peer, 'end');
  peer.end(Buffer.alloc(1_000_000));
  // A peer whose bytes are not read is reset, and closes with an error.
  const [hadError] = (await once(peer, 'close')) as [boolean];
  expect(hadError).toBe(false);
  expect(answer).toMatch(/^HTTP\/1.1 503 /);
});
