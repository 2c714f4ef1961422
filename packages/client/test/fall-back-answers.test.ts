import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createClient } from '../src/create-client.ts';
import type { ClientOptions } from '../src/client-options.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => cleanUp.splice(0).forEach((task) => task()));

/** A client of a server that knows nothing of the protocol, and answers upgrades and requests with this status. */
async function clientOf(status: number, options: Partial<ClientOptions> = {}) {
  const http = createServer((_request, response) => response.writeHead(status).end('no'));
  http.on('upgrade', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/ws`;
  const client = createClient({ url, WebSocket, backoff: { minMs: 1, maxMs: 5 }, ...options });
  cleanUp.push(() => {
    client.close();
    http.closeAllConnections();
    http.close();
  });
  const errors: string[] = [];
  client.on('error', ({ code }) => errors.push(code));
  client.connect();
  return { client, errors };
}

it('401 of the fall-back stops a client that has no other credential', async () => {
  const { client } = await clientOf(401);
  await vi.waitFor(() => expect(client.state.status).toBe('closed'));
  expect(client.state).toMatchObject({ reason: 'UNAUTHORIZED', code: 4501, error: { code: 'CREDENTIAL_INVALID' } });
});

it('401 of the fall-back asks for a fresh token once, and then stops', async () => {
  const reasons: string[] = [];
  const { client } = await clientOf(401, { token: ({ reason }) => `t.${reasons.push(reason)}` });
  await vi.waitFor(() => expect(client.state.status).toBe('closed'));
  expect(client.state).toMatchObject({ reason: 'UNAUTHORIZED', error: { code: 'CREDENTIAL_INVALID' } });
  expect([...new Set(reasons)]).toEqual(['connect', 'expired']);
});

it('431 of the fall-back stops the client, and says what to do', async () => {
  const { client } = await clientOf(431, { token: 'long' });
  await vi.waitFor(() => expect(client.state.status).toBe('closed'));
  expect(client.state).toMatchObject({ error: { message: expect.stringContaining('ticket') as string } });
});

it('404 of the only transport stops the client', async () => {
  const { client } = await clientOf(404, { transports: ['sse'] });
  await vi.waitFor(() => expect(client.state.status).toBe('closed'));
  expect(client.state).toMatchObject({ code: 4404, error: { code: 'NOT_FOUND' } });
});

it('404 of the fall-back is said with each WebSocket that does not open', async () => {
  const { client } = await clientOf(404);
  const said = { status: 'waiting', code: 1006, error: { code: 'NOT_FOUND' } };
  await vi.waitFor(() => expect(client.state).toMatchObject(said));
});
