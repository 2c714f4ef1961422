import { createServer as createHttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { MemoryEventLog, type EventLog, type Hub } from '@ws/core';
import { WebSocketError } from '@ws/types';
import { WebSocket } from 'ws';
import { createServer } from '../create-server.ts';
import { fetchFrom } from '../http/fetch.ts';
import { connectInMemory, trackConnections } from '../http/memory-connection.ts';
import type { ServerOptions } from '../server-options.ts';
import type { Server } from '../server.ts';
import type { TestClock } from './test-clock.ts';

/** Options of `createServer`; without `authenticate` the server is in development mode. */
export interface TestServerOptions extends Omit<ServerOptions, 'log' | 'development'> {
  /** @default one in memory */
  readonly log?: EventLog;
  /** The time of the hub and of clients. @default that of the machine */
  readonly clock?: TestClock;
}

/** Who connects: the id of a user in development mode, or what the authenticator of the server looks at. */
export type TestUser =
  string | { readonly token?: string | (() => Promise<string>); readonly headers?: Readonly<Record<string, string>> };

/** A WebSocket as `createClient` uses it. */
export interface TestWebSocket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
}

/** Options for `createClient` of `@ws/client`. */
export interface TestClientOptions {
  readonly url: string;
  readonly token?: string | (() => Promise<string>);
  readonly WebSocket: new (url: string, protocols: string[]) => TestWebSocket;
  readonly fetch: typeof globalThis.fetch;
  readonly clock?: TestClock;
}

/** A server without a port: everything a network would carry goes through memory, byte by byte, and meets the same checks. */
export interface TestServer extends AsyncDisposable {
  readonly hub: Hub;
  /**
   * What `createClient` needs to reach this server as a user.
   *
   * @throws `INVALID_OPTION` for the id of a user, where the server has an authenticator: that decides who a client is
   * @example
   * ```ts
   * const alice = createClient({ ...server.clientOptions('alice'), from: 'earliest' });
   * const bob = createClient(server.clientOptions({ headers: { cookie: 'session=2' } }));
   * ```
   */
  clientOptions(user: TestUser): TestClientOptions;
  /** Calls the HTTP API: `await server.fetch('/v1/users/alice/events', { method: 'POST', … })`. The key of development mode is `dev-key`. */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** Cuts every connection off, as a network that goes away does. Clients connect again, and go on where they were. */
  cutConnections(): void;
  /** Ends runs and connections without waiting for clients, and closes the log. */
  close(): Promise<void>;
}

/** A loopback address, which development mode asks for. */
const ORIGIN = 'http://localhost';
const ADDRESS = '127.0.0.1';

/**
 * Makes a server for tests: all of `createServer`, without a port and without a network.
 *
 * @throws as `createServer`
 * @example
 * ```ts
 * await using server = await createTestServer({ onUserMessage });
 * const client = createClient(server.clientOptions('alice'));
 * client.connect();
 * await client.sendMessage({ text: 'hello' });
 * ```
 */
export async function createTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const { log = new MemoryEventLog(), clock, ...others } = options;
  const isDevelopment = options.authenticate === undefined;
  const server = await createServer({
    ...others,
    log,
    ...(clock === undefined ? {} : { clock }),
    ...(isDevelopment ? { development: true } : {}),
  });
  try {
    return await MemoryTestServer.open(server, isDevelopment, clock);
  } catch (error) {
    await server.close({ deadlineMs: 0 });
    throw error;
  }
}

class MemoryTestServer implements TestServer {
  readonly #server: Server;
  readonly #isDevelopment: boolean;
  readonly #clock: TestClock | undefined;
  /** It never listens: connections are handed to it. */
  readonly #httpServer = createHttpServer();
  readonly #connections = new Set<Duplex>();
  #isClosed = false;

  private constructor(server: Server, isDevelopment: boolean, clock: TestClock | undefined) {
    this.#server = server;
    this.#isDevelopment = isDevelopment;
    this.#clock = clock;
    trackConnections(this.#httpServer);
  }

  static async open(server: Server, isDevelopment: boolean, clock: TestClock | undefined): Promise<TestServer> {
    const opened = new MemoryTestServer(server, isDevelopment, clock);
    await server.attach(opened.#httpServer, { path: '/ws', basePath: '/' });
    return opened;
  }

  get hub(): Hub {
    return this.#server.hub;
  }

  clientOptions(user: TestUser): TestClientOptions {
    const { token, headers = {} } = typeof user === 'string' ? { token: this.#tokenSource(user) } : user;
    const connect = (): Duplex => this.#connect();
    class MemoryWebSocket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { createConnection: connect, headers, perMessageDeflate: false });
      }
    }
    return {
      url: `${ORIGIN}/ws`,
      WebSocket: MemoryWebSocket,
      fetch: async (input, init) => {
        const request = new Request(input, init);
        for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
        return this.fetch(request);
      },
      ...(token === undefined ? {} : { token }),
      ...(this.#clock === undefined ? {} : { clock: this.#clock }),
    };
  }

  async fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (this.#isClosed) throw new WebSocketError('DRAINING', 'the test server is closed: make another one');
    const request = new Request(typeof input === 'string' ? new URL(input, ORIGIN) : input, init);
    return fetchFrom(this.#httpServer, request, { address: ADDRESS });
  }

  cutConnections(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#server.close({ deadlineMs: 0 });
    this.#httpServer.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #connect(): Duplex {
    const onBytes = (): void => this.#clock?.happened();
    const connection = connectInMemory(this.#httpServer, { address: ADDRESS, onBytes });
    this.#connections.add(connection);
    connection.once('close', () => this.#connections.delete(connection));
    // As a port at which no server listens any more.
    if (this.#isClosed) connection.destroy(new Error('the test server is closed'));
    return connection;
  }

  #tokenSource(userId: string): () => Promise<string> {
    if (!this.#isDevelopment) {
      const message = `clientOptions('${userId}'): the server has an authenticator of its own, so give it a token or headers`;
      throw new WebSocketError('INVALID_OPTION', message);
    }
    return async () => {
      const answer = await this.fetch('/dev/token', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user_id: userId }),
      });
      if (!answer.ok) throw new Error(`no token for '${userId}': ${await answer.text()}`);
      const { token } = (await answer.json()) as { readonly token: string };
      return token;
    };
  }
}
