import type { Client, ClientState, Transport } from '@ws/client';
import type { WebSocketError, WebSocketManagerMode } from '@ws/types';

/** The connection as a screen shows it; the same object until something of it changes. */
export interface ConnectionView {
  /** Where the client stands, with what belongs to each state. */
  readonly state: ClientState;
  /** What is shown may be built upon: the stream is read as it happens. */
  readonly isLive: boolean;
  /** Connected, maybe still catching up. */
  readonly isConnected: boolean;
  /** Connected, but too slow for the stream: what is shown is behind what the agents do. */
  readonly isLagging: boolean;
  /** The server can't reach its log: events come, and a reload may not bring all of them again until it is back. */
  readonly isDegraded: boolean;
  /**
   * When the next try to connect comes, in milliseconds since 1970; `null` where none is waited for. To be shown as a time of day: a
   * countdown is `useRetryIn`, which goes on well when the clock is set meanwhile.
   */
  readonly retryAt: number | null;
  /** What went wrong with the last connection, where more is known than that it is gone. */
  readonly error: WebSocketError | null;
  /** How the server works; `null` before the first connection. */
  readonly mode: WebSocketManagerMode | null;
  /** How the server is reached. */
  readonly transport: Transport;
  /** Whose stream is shown; `null` before the first connection. As a `key` it drops what components hold of the user before. */
  readonly userId: string | null;
}

/** Before a client was asked to connect. */
export const NOT_CONNECTED: ConnectionView = {
  state: { status: 'idle' },
  isLive: false,
  isConnected: false,
  isLagging: false,
  isDegraded: false,
  retryAt: null,
  error: null,
  mode: null,
  transport: 'websocket',
  userId: null,
};

/** The connection of a client. `now` is when it came to its state. */
export function viewConnection({ state, mode, transport, userId }: Client, now: number): ConnectionView {
  const { status } = state;
  return {
    state,
    isLive: status === 'live',
    isConnected: status === 'live' || status === 'catching_up' || status === 'lagging',
    isLagging: status === 'lagging',
    isDegraded: mode === 'degraded',
    retryAt: status === 'waiting' ? now + state.retryInMs : null,
    error: (status === 'waiting' || status === 'closed' ? state.error : undefined) ?? null,
    mode,
    transport,
    userId,
  };
}
