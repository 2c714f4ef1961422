import type { EventSchemas, StartFrom } from '@ws/types';
import type { Clock } from './clock.ts';
import type { PositionStore } from './position-store.ts';
import type { Random } from './random.ts';
import type { WebSocketConstructor } from './socket.ts';
import type { Transport } from './transport.ts';

/** Why a token is asked for. `expired`: the last one was refused as expired, a cached one will not do. */
export interface TokenRequest {
  readonly reason: 'connect' | 'expiring' | 'expired';
}

/** Gives a fresh token. */
export type TokenSource = (request: TokenRequest) => string | Promise<string>;

/** Full-jitter exponential backoff: try `n` waits between 0 and `min(maxMs, minMs * factor ** n)` milliseconds. */
export interface BackoffOptions {
  /** Longest wait before the first retry, in milliseconds. @default 500 */
  readonly minMs?: number;
  /** Longest wait before any retry, in milliseconds. @default 20_000 */
  readonly maxMs?: number;
  /** Growth per failed try. @default 2 */
  readonly factor?: number;
  /**
   * Longest wait before a retry in the first 15 s after the server said that it restarts, in milliseconds: a deploy takes
   * seconds, and a client that waited long for its next try would be away for longer than the server. @default 1_000
   */
  readonly restartMaxMs?: number;
}

/** Options of {@link createClient}. */
export interface ClientOptions {
  /**
   * Address of the server (`ws:`, `wss:`, or `http:`, `https:`, which are translated). In a browser a relative one is resolved
   * against the page. A function is called on every connect, for an address that carries a single-use ticket.
   */
  readonly url: string | (() => string | Promise<string>);
  /**
   * Credential, sent as a subprotocol entry. A function is called on every connect and whenever the server wants a fresh
   * one; a plain string can't be renewed: when it expires the client closes.
   */
  readonly token?: string | TokenSource;
  /**
   * Where the first connection begins: with the oldest event kept (`earliest`), with what comes from now on (`latest`), or behind a
   * position. Later connections go on from the client's own position. @default 'latest'
   */
  readonly from?: StartFrom;
  /** Only events of these threads (1 to 100), and those of no thread. @default every thread */
  readonly threads?: readonly string[];
  /** Whether the server may send several frames in one message. @default true */
  readonly batch?: boolean;
  /**
   * Schemas of application events by type, from any library that speaks Standard Schema. An event that does not fit is reported
   * through the `error` signal and passed over. Types without a schema are handed out as they are.
   */
  readonly events?: EventSchemas;
  /** Connect at once, without {@link Client.connect}. @default false */
  readonly autoConnect?: boolean;
  /** Keeps the position beyond the life of the client; wins over `from` when it holds one. */
  readonly store?: PositionStore;
  readonly backoff?: BackoffOptions;
  /**
   * `'auto'`: an event counts as processed when its handlers returned and readers of `stream()` asked for the next one.
   * `'manual'`: when the application says so with {@link Client.ack}. What is processed is acknowledged and stored. @default 'auto'
   */
  readonly ack?: 'auto' | 'manual';
  /** Shortest time between two acknowledgements or saves, in milliseconds. @default 1000 */
  readonly ackIntervalMs?: number;
  /** Time for an answer to a request, in milliseconds, reconnects included. @default 30_000 */
  readonly requestTimeoutMs?: number;
  /**
   * Time from opening a socket to `connection_ready`, and for each answer of `url`, `token` and `store.load`, in milliseconds. What takes
   * longer is reported and tried again. @default 10_000
   */
  readonly connectTimeoutMs?: number;
  /** Items buffered for each reader of `stream()`. @default 1024 */
  readonly bufferSize?: number;
  /** The WebSocket class. @default globalThis.WebSocket (browsers, Node 22 and later); pass that of `ws` elsewhere */
  readonly WebSocket?: WebSocketConstructor;
  /**
   * How to reach the server, in this order. `sse` reads the stream as Server-Sent Events and sends with HTTP requests, where proxies let
   * no WebSocket through: it is tried after two WebSockets in a row that did not open. WebSockets are tried again when it is lost, and the
   * client goes back to them when they work: it looks after 15 s at most, then less often, up to 5 minutes.
   *
   * @default ['websocket', 'sse']
   */
  readonly transports?: readonly Transport[];
  /** What makes HTTP requests for the transport `sse`. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
  /** Time, for tests. */
  readonly clock?: Clock;
  /** Random numbers, for tests. */
  readonly random?: Random;
}
