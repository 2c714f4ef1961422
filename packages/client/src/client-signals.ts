import type {
  Epoch,
  Offset,
  OpenRun,
  Recovery,
  RunSnapshotFrame,
  VolatileStreamEvent,
  WebSocketError,
  WebSocketManagerMode,
} from '@ws/types';
import type { ClientState } from './client-state.ts';

/** The server's mode, and why it changed (empty when it came with `connection_ready`). */
export interface ModeSignal {
  readonly mode: WebSocketManagerMode;
  readonly reason: string;
}

/** What the server says of a connection at its beginning. */
export interface ReadySignal {
  readonly connectionId: string;
  readonly userId: string;
  readonly mode: WebSocketManagerMode;
  readonly epoch: Epoch;
  /** The position this connection starts from: the next event follows it. */
  readonly offset: Offset;
  /** The oldest event that is kept. */
  readonly oldestOffset: Offset;
  /** Events up to here are replay. */
  readonly headOffset: Offset;
  readonly recovery: Recovery;
  readonly heartbeatMs: number;
  readonly maxMessageBytes: number;
  /** When the credential expires, in milliseconds since 1970; absent when it does not. */
  readonly expiresAt?: number;
  readonly openRuns: readonly OpenRun[];
}

/** What {@link Client.on} tells of beside events, with what a handler is given. No event has one of these names: they are reserved. */
export interface ClientSignals {
  /** The state changed. */
  state: ClientState;
  /** A connection is ready; comes after `reset`, before the first event. */
  ready: ReadySignal;
  /**
   * The position is no longer kept, the epoch is new, or another user is signed in (`userId`): drop what was built from events; the stream
   * starts over. Comes before any other signal of the new stream.
   */
  reset: ReadySignal;
  /** After a reset, once for each open run: what its events that are no longer kept added up to. */
  runSnapshot: RunSnapshotFrame;
  /** {@link Client.openRuns} changed. */
  openRuns: readonly OpenRun[];
  /** Arguments of approvals that were left out of `ready` were read: {@link Client.openRuns}, which have them now. */
  approvalsRead: readonly OpenRun[];
  /**
   * The server sends events of other threads from now on, as {@link Client.setThreads} asked; `null` is all. {@link Client.openRuns} has the
   * open runs of these threads.
   */
  threads: readonly string[] | null;
  /** The server's mode is known or changed. */
  mode: ModeSignal;
  /**
   * An event that the server could not write yet, because its log is away (mode `degraded`). To be shown at once, where that is wanted: it
   * comes again with an offset when the log is back, to the handlers of its type and with `replaces: 'volatile'`.
   */
  volatile: VolatileStreamEvent;
  /** Something went wrong that no promise reports. Without a handler it is written to the console. */
  error: WebSocketError;
}
