import { Server as HttpServer, type IncomingMessage } from 'node:http';
import { Server as HttpsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Hub, TypedHub } from '@ws/core';
import type { DefaultHubOffer } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import { attachToServer, type AttachOptions } from './http/attach.ts';
import { fetchFrom, type FetchOptions } from './http/fetch.ts';
import { createHttpServer } from './http/http-server.ts';
import { listen } from './http/listen.ts';
import { trackConnections } from './http/memory-connection.ts';
import { openApp, type CallParts, type Fallback } from './http/open-app.ts';
import { TlsCertificate, type TlsFiles } from './http/tls-certificate.ts';
import type { DescriptorRoom } from './limits/descriptors.ts';
import type { RequestLimits } from './limits/server-limits.ts';
import { limitSockets } from './limits/socket-limit.ts';
import { ShutDown } from './shut-down.ts';
import type { OpenWebSocket, WebEndpoint } from './websocket/web-endpoint.ts';
import type { WebSocketEndpoint } from './websocket/websocket-endpoint.ts';

export interface ListenOptions {
  /** 0: one that is free. @default 8080 */
  readonly port?: number;
  /** An address of this machine; `localhost` is both of its loopback addresses, `0.0.0.0` every address. @default 127.0.0.1 */
  readonly host?: string;
  /** Files to speak TLS with; they are read again when they change. @default plain HTTP */
  readonly tls?: TlsFiles;
  /** Answers requests that are no calls of this API: an app of Express or Connect, or a function like theirs. */
  readonly fallback?: Fallback;
}

export interface CloseOptions {
  /** Time clients have to go elsewhere and runs to end, in milliseconds. @default 10_000 */
  readonly deadlineMs?: number;
}

export interface AttachWebSocketOptions {
  /** Address of the client, for the limits of one address. @default the `ip` of the request, else unknown: such clients share one place */
  readonly address?: string | undefined;
}

/** What a server is put together from. */
export interface ServerParts {
  /** Withdrawn at the end. */
  readonly offer: DefaultHubOffer;
  readonly calls: CallParts;
  readonly webSocket: WebSocketEndpoint;
  readonly webEndpoint: WebEndpoint;
  readonly room: DescriptorRoom;
  /** The connections that were wished for; there may be room for fewer. */
  readonly maxConnections: number;
  readonly trustedProxies: readonly string[];
  readonly limits: RequestLimits;
}

const DEFAULT_DRAIN_MS = 10_000;
const PATH = '/ws';
const FEW_DESCRIPTORS =
  'there are fewer descriptors than maxConnections needs: raise the limit of open files (ulimit -n, LimitNOFILE)';

/** A server of agent events, as {@link createServer} makes it. */
export interface Server extends AsyncDisposable {
  /** The hub: managers of users, health, revocation. */
  readonly hub: Hub;
  /**
   * Listens on a port of its own, with every limit of sockets and HTTP in force.
   *
   * @returns the address, `http://127.0.0.1:8080`
   * @throws `INVALID_OPTION` for a port in use, an address that is not this machine's, a certificate that cannot be used
   */
  listen(options?: ListenOptions): Promise<{ readonly url: string }>;
  /**
   * Serves WebSockets, and where `basePath` is given every call of HTTP, on a server of the application. That server stays the
   * application's: its limits of sockets and time are its own, and `close` leaves it open.
   *
   * @throws `INVALID_OPTION` for a server of HTTP/2, which carries no WebSocket upgrade, and for paths that are none
   * @example
   * ```ts
   * const httpServer = http.createServer(expressApp).listen(3000);
   * await server.attach(httpServer, { basePath: '/agents' }); // WebSockets at /agents/ws
   * ```
   */
  attach(httpServer: HttpServer | HttpsServer, options?: AttachOptions): Promise<void>;
  /**
   * Answers a call of HTTP in whatever framework hands a `Request` over and takes a `Response`: a route handler of Next, an app of Hono,
   * SvelteKit or Astro, on Node. WebSockets need {@link Server.attach} or {@link Server.listen} beside it.
   *
   * @throws `NOT_FOUND` for a request that is not below `basePath`
   * @example
   * ```ts
   * app.all('/agents/*', (context) => server.fetch(context.req.raw, { basePath: '/agents', address }));
   * ```
   */
  fetch(request: Request, options?: FetchOptions): Promise<Response>;
  /**
   * Serves a WebSocket whose handshake a framework has done: Vercel's functions, `Deno.upgradeWebSocket`, the `raw` socket of Hono on
   * Node. The checks are those of {@link Server.attach}; a refusal comes as an `error` frame and a close code. Where crossws serves,
   * the hooks of `@ws/server/crossws` refuse an upgrade before it is taken.
   *
   * @param request - of the upgrade. Without it no origin is checked, and the credential is the token in `hello`
   * @throws `INVALID_OPTION` for what is not a WebSocket of the web: `ServerWebSocket` of Bun is none
   * @example
   * ```ts
   * export const GET = () => experimental_upgradeWebSocket((socket) => server.attachWebSocket(socket));
   * ```
   */
  attachWebSocket(socket: OpenWebSocket, request?: Request, options?: AttachWebSocketOptions): void;
  /** Reads files of keys and certificates now, and fetches keys (JWKS). They are also watched. */
  reloadKeys(): void;
  /**
   * Drains within the deadline: clients get `server_draining`, runs of this process end as `interrupted`, requests are answered. Then it
   * closes its sockets and the log. A second call skips the waits of the first. Resolves when nothing is left open.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** A server whose hub takes and gives the events of `Events` beside those of the protocol. Types alone: it is a server. */
export type TypedServer<Events> = { readonly hub: TypedHub<Events> } & Server;

/** One hub, reached by as many ways as it is asked to. */
export class HubServer implements Server {
  readonly #parts: ServerParts;
  readonly #apps: FastifyInstance[] = [];
  readonly #certificates: TlsCertificate[] = [];
  readonly #detach: (() => void)[] = [];
  /** Answers what `fetch` is asked: made for the first request. */
  #inMemory: Promise<FastifyInstance> | undefined;
  #shutDown: ShutDown | undefined;

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  get hub(): Hub {
    return this.#parts.calls.hub;
  }

  /** For `agentHooks`, which checks an upgrade before its socket is there. */
  get webEndpoint(): WebEndpoint {
    return this.#parts.webEndpoint;
  }

  async listen(options: ListenOptions = {}): Promise<{ readonly url: string }> {
    const { port = 8080, host = '127.0.0.1', fallback } = options;
    const { calls, webSocket, room, trustedProxies, limits } = this.#parts;
    this.#assertOpen();
    const tls = options.tls && new TlsCertificate(options.tls, calls.logger);
    if (tls !== undefined) this.#certificates.push(tls);
    const { requestTimeoutMs, connectionsPerAddress } = limits;
    const app = await openApp(calls, {
      webSocketPath: PATH,
      fallback,
      createServer: (listener) => createHttpServer({ listener, requests: calls.requests, requestTimeoutMs, tls }),
    });
    this.#apps.push(app);
    limitSockets(app.server, {
      sockets: room.sockets,
      connectionsPerAddress,
      trustedProxies,
      onRefused: (limit) => calls.metrics.limits.refused(limit),
    });
    app.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      webSocket.upgrade(PATH, request, socket, head),
    );
    const url = await listen(app, { host, port });
    if (room.connections < this.#parts.maxConnections && !calls.isDevelopment) calls.logger.warn(room, FEW_DESCRIPTORS);
    return { url };
  }

  async attach(httpServer: HttpServer | HttpsServer, options: AttachOptions = {}): Promise<void> {
    this.#assertOpen();
    const { basePath } = options;
    // Clients look for the calls of HTTP beside the WebSocket.
    const path = options.path ?? `${basePath?.replace(/\/$/, '') ?? ''}${PATH}`;
    const isHttp1 = [HttpServer, HttpsServer].some((kind) => httpServer instanceof kind);
    if (!isHttp1) {
      const message = 'attach needs a server of node:http or node:https: HTTP/2 has no WebSocket upgrade';
      throw new WebSocketError('INVALID_OPTION', message);
    }
    const { calls, webSocket } = this.#parts;
    const app = basePath === undefined ? undefined : await openApp(calls, { webSocketPath: path });
    await app?.ready();
    if (app !== undefined) this.#apps.push(app);
    this.#detach.push(attachToServer(httpServer, { path, basePath, app, webSocket, requests: calls.requests }));
  }

  async fetch(request: Request, options: FetchOptions = {}): Promise<Response> {
    this.#assertOpen();
    this.#inMemory ??= this.#openInMemory().catch((error: unknown) => {
      this.#inMemory = undefined;
      throw error;
    });
    const { server } = await this.#inMemory;
    return fetchFrom(server, request, options);
  }

  attachWebSocket(socket: OpenWebSocket, request?: Request, { address }: AttachWebSocketOptions = {}): void {
    if (typeof socket?.addEventListener !== 'function') {
      const message =
        'attachWebSocket takes a WebSocket of the web or of ws; on Bun use agentHooks of @ws/server/crossws';
      throw new WebSocketError('INVALID_OPTION', message);
    }
    this.webEndpoint.attach(socket, request, address);
  }

  async #openInMemory(): Promise<FastifyInstance> {
    const { calls, limits } = this.#parts;
    const { requests } = calls;
    const { requestTimeoutMs } = limits;
    const app = await openApp(calls, {
      webSocketPath: PATH,
      createServer: (listener) => createHttpServer({ listener, requests, requestTimeoutMs, tls: undefined }),
    });
    await app.ready();
    trackConnections(app.server);
    this.#apps.push(app);
    return app;
  }

  reloadKeys(): void {
    this.#parts.calls.access.keyFiles.reload();
    for (const certificate of this.#certificates) certificate.reload();
  }

  async close({ deadlineMs = DEFAULT_DRAIN_MS }: CloseOptions = {}): Promise<void> {
    const { calls, webSocket, webEndpoint } = this.#parts;
    calls.access.keyFiles.stop();
    for (const certificate of this.#certificates) certificate.stop();
    for (const detach of this.#detach.splice(0)) detach();
    const { hub, requests } = calls;
    this.#shutDown ??= new ShutDown({ hub, apps: this.#apps, requests, webSocket, webEndpoint });
    try {
      await this.#shutDown.start(deadlineMs);
    } finally {
      this.#parts.offer.withdraw();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #assertOpen(): void {
    if (this.#shutDown !== undefined) throw new WebSocketError('DRAINING', 'the server is closed: make another one');
  }
}
