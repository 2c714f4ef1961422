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
 *                          └── paused ◀── the reader of stream() is too far behind; reads on ──▶ connecting
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
  /** Not connected until the reader of `stream()` has caught up with what is buffered. */
  | { readonly status: 'paused' }
  /** Stopped: nothing happens before the next `connect()`. */
  | {
      readonly status: 'closed';
      readonly reason: ClosedReason;
      readonly code?: number;
      readonly error?: WebSocketError;
    };

/** What happens to a client: the input of {@link reduceState}. */
export type ClientAction =
  | { readonly type: 'connect'; readonly attempt: number }
  | { readonly type: 'ready'; readonly offset: Offset; readonly headOffset: Offset }
  | { readonly type: 'advanced'; readonly offset: Offset }
  | { readonly type: 'lagging'; readonly headOffset: Offset }
  | { readonly type: 'caught_up' }
  | ({ readonly type: 'lost' } & Omit<Extract<ClientState, { status: 'waiting' }>, 'status'>)
  | { readonly type: 'paused' }
  | ({ readonly type: 'closed' } & Omit<Extract<ClientState, { status: 'closed' }>, 'status'>);

/** Tells whether `connection_ready` was received on the connection at hand. */
export function isConnected({ status }: ClientState): boolean {
  return status === 'catching_up' || status === 'live' || status === 'lagging';
}

/** The one place where a state follows from another; what does not fit the diagram changes nothing. */
export function reduceState(state: ClientState, action: ClientAction): ClientState {
  switch (action.type) {
    case 'connect':
      return { status: 'connecting', attempt: action.attempt };
    case 'ready':
      if (state.status !== 'connecting') return state;
      return action.offset < action.headOffset
        ? { status: 'catching_up', headOffset: action.headOffset }
        : { status: 'live' };
    case 'advanced':
      return state.status === 'catching_up' && action.offset >= state.headOffset ? { status: 'live' } : state;
    case 'lagging':
      return isConnected(state) ? { status: 'lagging', headOffset: action.headOffset } : state;
    case 'caught_up':
      return state.status === 'catching_up' || state.status === 'lagging' ? { status: 'live' } : state;
    case 'lost': {
      if (state.status === 'closed') return state;
      const { type: _, ...rest } = action;
      return { status: 'waiting', ...rest };
    }
    case 'paused':
      return isConnected(state) ? { status: 'paused' } : state;
    case 'closed': {
      // The first reason stands.
      if (state.status === 'closed') return state;
      const { type: _, ...rest } = action;
      return { status: 'closed', ...rest };
    }
  }
}
