import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket as WsPackage } from 'ws';
import { createClient } from '../src/create-client.ts';
import type { ClientOptions } from '../src/client-options.ts';
import type { WebSocketConstructor } from '../src/socket.ts';
import { record } from './support/setup.ts';
import { WsServer } from './support/ws-server.ts';

const PLATFORMS: readonly (readonly [string, WebSocketConstructor | undefined])[] = [
  ['the ws package', WsPackage],
  // From Node 22 on.
  ['the WebSocket of the platform', globalThis.WebSocket],
];

describe.each(PLATFORMS.filter(([, WebSocket]) => WebSocket !== undefined))('with %s', (_, WebSocket) => {
  function start(server: WsServer, options: Partial<ClientOptions> = {}) {
    const client = createClient({
      url: server.url,
      token: () => 'a.b.c',
      backoff: { minMs: 10, maxMs: 50 },
      ...(WebSocket === undefined ? {} : { WebSocket }),
      ...options,
    });
    onTestFinished(() => client.close());
    client.connect();
    return client;
  }

  it('connects, delivers, resumes after a cut and closes', async () => {
    const server = await WsServer.start();
    const client = start(server);
    const seen = record(client);
    await vi.waitFor(() => expect(client.state.status).toBe('live'));
    expect(server.offered[0]).toEqual(['agent-events.v1', 'jwt.a.b.c']);
    server.emit('agent_thinking', { delta: 'a' });
    await vi.waitFor(() => expect(seen).toEqual([1]));

    server.sockets[0]?.terminate();
    server.emit('agent_thinking', { delta: 'b' });
    await vi.waitFor(() => expect(seen).toEqual([1, 2]));
    expect(server.sockets).toHaveLength(2);

    client.close();
    await vi.waitFor(() => expect(server.sockets[1]?.readyState).toBe(WsPackage.CLOSED));
  });

  it('sends messages and reads in a loop', async () => {
    const server = await WsServer.start();
    const client = start(server);
    const items = client.stream();
    expect(await client.sendMessage({ text: 'Hi', messageId: 'm1' })).toEqual({
      messageId: 'm1',
      threadId: 't1',
      runId: 'r1',
    });
    server.emit('agent_response_chunk', { delta: 'Hello' });
    expect((await items.next()).value).toMatchObject({ event: { payload: { delta: 'Hello' } } });
  });

  it('knows a close that is final', async () => {
    const server = await WsServer.start();
    const client = start(server);
    await vi.waitFor(() => expect(client.state.status).toBe('live'));
    server.sockets[0]?.close(4509);
    await vi.waitFor(() => expect(client.state).toEqual({ status: 'closed', reason: 'REPLACED', code: 4509 }));
  });

  it('waits where nobody listens, and closes while it connects', async () => {
    const server = await WsServer.start();
    const refused = start(server, { url: 'ws://127.0.0.1:1/ws' });
    await vi.waitFor(() => expect(refused.state.status).toBe('waiting'));
    const early = start(server);
    await Promise.resolve();
    early.close();
    expect(early.state.status).toBe('closed');
  });
});
