import type { CloseReason, Offset, WebSocketError } from '@ws/types';

/** Why a client stopped for good: `CLIENT_CLOSED` by {@link Client.close}, else the close code of the server, by name. */
export type ClosedReason = CloseReason | 'CLIENT_CLOSED' | 'UNKNOWN';

/**
 * Where a client stands:
 *
 * ```
 *  idle ──connect()──▶ connecting ──connection_ready──▶ catching_up ──reached the head──▶ live
 *                       ▲  ▲   │                           ▲    │                        ▲  │
 *        backoff, wake, │  │   │ failed                    │    └──lagging──▶ lagging ◀──┘  │ lagging
 *        connect()      │  │   ▼                           │                     └─caught_up┘
 *                       └─ waiting ◀──connection lost──────┴── any of the three
 *                          │
 *                          └── paused ◀── the reader of events() is too far behind; reads on ──▶ connecting
 *
 *  any ──close(), or a close code that says: do not come back──▶ closed ──connect()──▶ connecting
 * ```
 */
export type ClientState =
  | { readonly status: 'idle' }
  /** A token is fetched, a socket opened, or `connection_ready` awaited. `attempt` is 0 for the first try. */
  | { readonly status: 'connecting'; readonly attempt: number }
  /** Connected; events up to `headOffset` are replay. */
  | { readonly status: 'catching_up'; readonly headOffset: Offset }
  /** Connected; every event is delivered as it happens. */
  | { readonly status: 'live' }
  /** Connected, but too slow for the stream: the server reads from its log until `headOffset` is reached. */
  | { readonly status: 'lagging'; readonly headOffset: Offset }
  /** Not connected; the next try comes in `retryInMs` milliseconds, counted from the change to this state. */
  | {
      readonly status: 'waiting';
      readonly attempt: number;
      readonly retryInMs: number;
      /** Close code of the connection that was lost, where it had one. */
      readonly code?: number;
      /** What went wrong, where more is known than the code. */
      readonly error?: WebSocketError;
    }
  /** Not connected until the reader of `events()` or `items()` has caught up with what is buffered. */
  | { readonly status: 'paused' }
  /** Stopped: nothing happens before the next `connect()`. */
  | {
      readonly status: 'closed';
      readonly reason: ClosedReason;
      readonly code?: number;
      readonly error?: WebSocketError;
    };
