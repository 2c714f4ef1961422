import { isId, SIGNAL_NAMES, WebSocketError, type StreamPosition } from '@ws/types';
import type { BackoffOptions, ClientOptions } from './client-options.ts';
import { systemClock } from './clock.ts';
import { systemRandom } from './random.ts';
import type { WebSocketConstructor } from './socket.ts';
import type { Transport } from './transport.ts';
import { pageUrl, resolveUrl } from './url.ts';

type Defaulted = Omit<
  ClientOptions,
  'token' | 'threads' | 'store' | 'events' | 'autoConnect' | 'backoff' | 'WebSocket'
>;

/** Options with every default filled in. */
export type ResolvedOptions = Required<Defaulted> &
  Pick<ClientOptions, 'token' | 'threads' | 'store' | 'events'> & {
    readonly backoff: Required<BackoffOptions>;
    /** Absent where it is not among the transports. */
    readonly WebSocket: WebSocketConstructor | undefined;
  };

const MAX_THREADS = 100;
const TRANSPORTS: readonly Transport[] = ['websocket', 'sse'];

/** Checks the options and fills in the defaults. Throws `INVALID_OPTION`, naming the option. */
export function resolveOptions(options: ClientOptions): ResolvedOptions {
  const WebSocket = options.WebSocket ?? globalThis.WebSocket;
  const { fetch = globalThis.fetch, transports = fetch === undefined ? ['websocket'] : TRANSPORTS } = options;
  if (transports.length === 0 || !transports.every((transport) => TRANSPORTS.includes(transport))) {
    refuse('transports', "must list 'websocket', 'sse' or both");
  }
  if (transports.includes('websocket') && WebSocket === undefined) {
    refuse('WebSocket', 'is needed: this platform has none of its own');
  }
  if (transports.includes('sse') && fetch === undefined)
    refuse('fetch', 'is needed: this platform has none of its own');
  if (typeof options.url === 'string') resolveUrl(options.url, pageUrl());
  else if (typeof options.url !== 'function') refuse('url', 'must be a string or a function');
  if (options.token === '') refuse('token', 'must not be empty');
  const { from = 'latest', threads, token, store } = options;
  if (from !== 'latest' && from !== 'earliest' && !isPosition(from)) {
    refuse('from', "must be 'earliest', 'latest' or { epoch, offset }");
  }
  if ('resume' in options) refuse('resume', "has another name: from, with 'earliest', 'latest' or { epoch, offset }");
  if (threads !== undefined && !(threads.length > 0 && threads.length <= MAX_THREADS && threads.every(isId))) {
    refuse('threads', `must hold 1 to ${MAX_THREADS} thread ids`);
  }
  const taken = SIGNAL_NAMES.find((name) => Object.hasOwn(options.events ?? {}, name));
  if (taken !== undefined) refuse(`events.${taken}`, 'has the name of a signal: choose another event type');
  const { minMs = 500, maxMs = 20_000, factor = 2, restartMaxMs = 1_000 } = options.backoff ?? {};
  return {
    url: options.url,
    from,
    WebSocket,
    fetch,
    transports,
    batch: options.batch ?? true,
    ack: options.ack ?? 'auto',
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    backoff: {
      minMs: positive('backoff.minMs', minMs),
      maxMs: atLeast('backoff.maxMs', maxMs, minMs),
      factor: atLeast('backoff.factor', factor, 1),
      restartMaxMs: positive('backoff.restartMaxMs', restartMaxMs),
    },
    ackIntervalMs: atLeast('ackIntervalMs', options.ackIntervalMs ?? 1_000, 0),
    requestTimeoutMs: positive('requestTimeoutMs', options.requestTimeoutMs ?? 30_000),
    connectTimeoutMs: positive('connectTimeoutMs', options.connectTimeoutMs ?? 10_000),
    bufferSize: atLeast('bufferSize', options.bufferSize ?? 1_024, 1),
    ...(token === undefined ? {} : { token }),
    ...(threads === undefined ? {} : { threads }),
    ...(store === undefined ? {} : { store }),
    ...(options.events === undefined ? {} : { events: options.events }),
  };
}

/** Tells whether a value is a position, wherever it was kept. */
export function isPosition(value: unknown): value is StreamPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, offset } = value as Partial<StreamPosition>;
  return typeof epoch === 'string' && epoch !== '' && Number.isSafeInteger(offset) && Number(offset) >= 0;
}

function refuse(option: string, problem: string): never {
  throw new WebSocketError('INVALID_OPTION', `option ${option} ${problem}`, { details: { option } });
}

function atLeast(option: string, value: number, min: number): number {
  return Number.isFinite(value) && value >= min ? value : refuse(option, `must be a number of at least ${min}`);
}

function positive(option: string, value: number): number {
  return value > 0 && Number.isFinite(value) ? value : refuse(option, 'must be a number above 0');
}
