import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { createClient, type Client } from '@ws/client';
import type { RunningHost } from './running-host.ts';

/** A client of `@ws/client` behind a proxy that lets no WebSocket through. */
export interface BlockedClient extends AsyncDisposable {
  readonly client: Client;
  /** What notes and answers of the agent said. */
  readonly texts: readonly unknown[];
  readonly errors: readonly string[];
}

/** The address of WebSockets is all that the client knows of the host. */
export async function clientWithoutWebSockets(host: RunningHost, userId: string): Promise<BlockedClient> {
  const proxy = await openProxy(host);
  const { port } = proxy.address() as AddressInfo;
  const client = createClient<{ note: { readonly text: string } }>({
    url: `ws://127.0.0.1:${port}${host.webSocketPath}`,
    from: 'earliest',
    // What a browser does with the cookie of a session.
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      headers.set('cookie', `session=${userId}`);
      return fetch(input, { ...init, headers });
    },
    backoff: { minMs: 10, maxMs: 100 },
  });
  const texts: unknown[] = [];
  client.on('note', ({ payload }) => texts.push(payload.text));
  client.on('agent_completed', ({ payload }) => texts.push(payload.final_response));
  const errors: string[] = [];
  client.on('error', ({ message }) => errors.push(message));
  client.connect();
  return {
    client,
    texts,
    errors,
    async [Symbol.asyncDispose]() {
      client.close();
      proxy.closeAllConnections();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** Hands requests on to a host as they are, and refuses upgrades. */
async function openProxy({ url }: RunningHost): Promise<Server> {
  const proxy = createServer((incoming, response) => {
    const { method, headers, url: path } = incoming;
    const onward = request(url + path, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      pipeline(answer, response, () => undefined);
    });
    onward.on('error', () => response.destroy());
    pipeline(incoming, onward, () => undefined);
    // A client that goes away leaves the host as well.
    response.on('close', () => onward.destroy());
  });
  proxy.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'));
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return proxy;
}
