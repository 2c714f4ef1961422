import type { ConnectionReadyFrame, OpenRun, RunSnapshotFrame, WebSocketError, WebSocketManagerMode } from '@ws/types';
import type { ClientState } from './client-state.ts';

/** The server's mode, and why it changed (empty when it came with `connection_ready`). */
export interface ModeSignal {
  readonly mode: WebSocketManagerMode;
  readonly reason: string;
}

/** What {@link Client.listen} can listen for, with what the listener is given. */
export interface ClientSignals {
  /** The state changed. */
  state: ClientState;
  /** A connection is ready; comes after `reset`, before the first event. */
  ready: ConnectionReadyFrame;
  /**
   * The position is no longer kept, the epoch is new, or another user is signed in (`user_id`): drop what was built from events; the stream
   * starts over. Comes before any other signal of the new stream.
   */
  reset: ConnectionReadyFrame;
  /** After a reset, once for each open run: what its events that are no longer kept added up to. */
  run_snapshot: RunSnapshotFrame;
  /** {@link Client.openRuns} changed. */
  open_runs: readonly OpenRun[];
  /** Arguments of approvals that were left out of `ready` were read: {@link Client.openRuns}, which have them now. */
  approvals_read: readonly OpenRun[];
  /** The server's mode is known or changed. */
  mode: ModeSignal;
  /** Something went wrong that no promise reports. Without a listener it is written to the console. */
  error: WebSocketError;
}
