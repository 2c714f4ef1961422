import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer, type ServerOptions } from 'ws';
import { createHub, type Hub } from '../src/index.ts';
import type { Session } from '../src/connection/session.ts';
import { attachWebSocket } from '../src/ws.ts';

const PATIENCE_MS = 4_000;

const cleanUp: (() => void)[] = [];
afterEach(() => cleanUp.splice(0).forEach((task) => task()));

interface Connected {
  readonly hub: Hub;
  readonly client: WebSocket;
  readonly server: WebSocket;
  readonly session: Session;
  /** The client's end of the connection below. */
  readonly tcp: Socket;
  readonly texts: string[];
}

/** A real `ws` server and client on loopback; `bytes` says whether the adapter may write beside the library. */
async function connect(options: ServerOptions, bytes: boolean): Promise<Connected> {
  const hub = createHub({ tuning: { coalesceMs: 0, outboundBudgetBytes: 1 << 26, tailChars: 1 << 26 } });
  const http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const sockets = new WebSocketServer({ noServer: true, ...options });
  const accepted = new Promise<Pick<Connected, 'server' | 'session'>>((resolve) => {
    http.on('upgrade', (request, tcp: Socket, head) => {
      sockets.handleUpgrade(request, tcp, head, (socket) => {
        const session = attachWebSocket(socket, bytes ? tcp : undefined, (it) =>
          hub.accept(it, { authentication: { userId: 'alice' } }),
        );
        resolve({ server: socket, session });
      });
    });
  });
  const { port } = http.address() as AddressInfo;
  const tcp = connectTcp({ host: '127.0.0.1', port });
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { createConnection: () => tcp });
  const texts: string[] = [];
  client.on('message', (data: Buffer) => texts.push(data.toString()));
  cleanUp.push(() => {
    client.terminate();
    http.close();
    void hub.close();
  });
  const { server, session } = await accepted;
  if (client.readyState !== WebSocket.OPEN) await once(client, 'open');
  return { hub, client, server, session, tcp, texts };
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${String(condition)}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const ways = [
  ['bytes beside the library', { perMessageDeflate: false }, true],
  ['the library alone', { perMessageDeflate: false }, false],
  ['the library with compression', { perMessageDeflate: { threshold: 0 } }, true],
] as const;

describe.each(ways)('messages through %s', (_, options, bytes) => {
  it('arrive whole and in order, whatever their length, between pings and pongs', async () => {
    const { hub, client, server, texts } = await connect(options, bytes);
    client.send('{"type":"hello"}');
    await until(() => texts.length === 1);
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    // Around the limits of the three forms of a frame's length, with characters of one to four bytes.
    const lengths = [1, 20, 125, 126, 127, 1_000, 65_535, 65_536, 70_000];
    const deltas = lengths.flatMap((length) => ['x', 'ü', '語', '😀'].map((char) => char.repeat(length)));
    for (const [index, delta] of deltas.entries()) {
      await run.write(delta);
      server.ping(`ping ${index}`);
      client.ping(`ping ${index}`);
    }
    await until(() => texts.length === deltas.length + 2);
    const received = texts.slice(2).map((text) => (JSON.parse(text) as { payload: { delta: string } }).payload.delta);
    expect(received).toEqual(deltas);
  });

  it('are all there before the close', async () => {
    const { hub, client, texts } = await connect(options, bytes);
    client.send('{"type":"hello"}');
    await until(() => texts.length === 1);
    const run = await hub.manager({ userId: 'alice' }).startRun({ agentName: 'a', runId: 'r1' });
    for (let i = 0; i < 50; i += 1) await run.write(`delta ${i} ${'.'.repeat(10_000)}`);
    const closed = once(client, 'close') as Promise<[number, Buffer]>;
    await hub.drain({ deadlineMs: 5_000 });
    const [code] = await closed;
    expect(code).toBe(1012);
    // ready, agent_started, 50 deltas, then the run's end (its agent goes with the hub) and the announcement
    expect(
      texts
        .map((text) => (JSON.parse(text) as { type: string }).type)
        .filter((type) => type === 'agent_response_chunk'),
    ).toHaveLength(50);
  });
});

describe('long messages', () => {
  it('that a peer has yet to take stay as they are while others are sent theirs', async () => {
    const slow = await connect({ perMessageDeflate: false }, true);
    const quick = await connect({ perMessageDeflate: false }, true);
    for (const { client } of [slow, quick]) client.send('{"type":"hello"}');
    await until(() => [slow, quick].every(({ texts }) => texts.length === 1));
    slow.client.pause();
    const start = ({ hub }: typeof slow) => hub.manager({ userId: 'alice' }).startRun({ agentName: 'a' });
    const [first, second] = [await start(slow), await start(quick)];
    const deltas = Array.from({ length: 1_000 }, (_, n) => String(n % 10).repeat(20_000));
    for (const delta of deltas) {
      await first.write(delta);
      await second.write(delta.replaceAll(/./g, 'q'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The operating system holds less than that for a peer that does not read.
    await until(() => slow.server.bufferedAmount > 0 && quick.texts.length === deltas.length + 2);
    slow.client.resume();
    await until(() => slow.texts.length === deltas.length + 2);
    const received = slow.texts
      .slice(2)
      .map((text) => (JSON.parse(text) as { payload: { delta: string } }).payload.delta);
    expect(received).toEqual(deltas);
  });
});

describe.each(ways)('a close through %s', (_, options, bytes) => {
  it('reaches a peer that reads nothing and has ended its side, though ws sets such a one no limit', async () => {
    const { client, server, session, tcp, texts } = await connect(options, bytes);
    client.send('{"type":"hello"}');
    await until(() => texts.length === 1);
    client.pause();
    // More than the operating system holds for it, and nothing that compression makes small.
    server.send(randomBytes(16 << 20));
    tcp.end();
    await until(() => server.readyState === WebSocket.CLOSING);
    const closed = once(server, 'close');
    session.close('UNAUTHORIZED');
    await closed;
    expect(server.readyState).toBe(WebSocket.CLOSED);
  });
});

describe('what the byte path relies on', () => {
  it('is a version of ws it was checked with, or this test says to check it again', async () => {
    const { default: manifest } = (await import('ws/package.json', { with: { type: 'json' } })) as {
      default: { version: string };
    };
    expect(manifest.version).toMatch(/^8\./);
  });

  it('is that ws writes a ping whole and at once', async () => {
    const { server } = await connect({ perMessageDeflate: false }, true);
    const before = server.bufferedAmount;
    server.ping('12345');
    // Header of 2 bytes and 5 of payload: in the socket's hands when `ping` returns, not in a queue of the library.
    expect(server.bufferedAmount - before === 7 || server.bufferedAmount === 0).toBe(true);
  });
});
