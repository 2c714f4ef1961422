import type { DialectName } from './dialect.ts';
import type { PublishOrder } from './publishes.ts';
import type { Percentiles } from './tally.ts';

/** Which connections a load generator opens. */
export interface Audience {
  readonly dialect: DialectName;
  readonly port: number;
  readonly connections: number;
  /** Connection `n` is one of user `firstUser + n % users`. */
  readonly users: number;
  readonly firstUser: number;
  /** Signs the users' tokens. */
  readonly secret: string;
  /** Whether a connection asks for the thread of its user alone. */
  readonly oneThread?: boolean;
}

/** How a client that lost its connection comes back: full jitter up to a bound that grows, or as Socket.IO's client does. */
export interface Backoff {
  readonly kind: 'full jitter' | 'half jitter';
  readonly minMs: number;
  readonly maxMs: number;
  readonly factor: number;
  /** The bound in the first 15 s after a server said that it restarts. */
  readonly restartMaxMs?: number;
}

/** What a load generator is told. */
export type Order =
  /** Opens connections, and answers when all are ready. */
  | { readonly do: 'connect'; readonly audience: Audience; readonly atOnce: number }
  /** Tells the target what was received, so that it sends no faster. */
  | { readonly do: 'follow'; readonly control: number }
  | { readonly do: 'sample'; readonly stamped: boolean }
  | { readonly do: 'stall'; readonly audience: Audience }
  | { readonly do: 'handshakes'; readonly audience: Audience; readonly atOnce: number; readonly seconds: number }
  | ({ readonly do: 'publish' } & PublishOrder)
  /** Connects with a position before the oldest of `events` events, all at once, and answers when each has them all. */
  | { readonly do: 'resume'; readonly audience: Audience; readonly events: number }
  /** Cuts connections all the time, each about every `everyMs`, for `awayMs`. */
  | { readonly do: 'jitter'; readonly everyMs: number; readonly awayMs: number }
  /** Comes back by itself from now on. */
  | { readonly do: 'come back'; readonly backoff: Backoff; readonly port: number }
  /** Stops cutting, and answers when all are ready and nothing more comes, or the time is over: with the clients that lack something. */
  | { readonly do: 'settle'; readonly withinMs: number }
  | { readonly do: 'disconnect' };

export interface OrderRequest {
  readonly id: number;
  readonly order: Order;
}

export interface OrderAnswer {
  readonly id: number;
  readonly report: LoadReport;
  readonly error?: string;
}

/** What a load generator has seen; counts since it began, percentiles since they were last asked for. */
export interface LoadReport {
  /** Microseconds on the clock all processes share. */
  readonly at: number;
  readonly cpuMicros: number;
  readonly events: number;
  readonly frames: number;
  readonly missed: number;
  readonly repeated: number;
  readonly ready: number;
  readonly lost: number;
  readonly refused: number;
  readonly latency: Percentiles;
  /** How long after a connection was asked for it had what it missed; or how long a client took to be back and whole. */
  readonly recovery: Percentiles;
  /** How long the order took, in milliseconds. */
  readonly tookMs: number;
  /** What the order counted: handshakes, connections that never came back. */
  readonly count: number;
}
