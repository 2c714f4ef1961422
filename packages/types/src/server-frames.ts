import type { ErrorCode } from './error-codes.ts';
import type { NumberedEvent, ReceivedEvent, VolatileEvent } from './events.ts';
import type { JsonValue } from './json.ts';
import type { WebSocketManagerMode } from './mode.ts';
import type { Epoch, Offset } from './position.ts';
import type { OpenRun, RunState } from './run-state.ts';

/**
 * What became of the position a client asked to resume from. `new`: none was asked. `resumed`: every event after it follows.
 * `reset`: it is no longer kept; state must be rebuilt, and the stream follows from `oldest_offset`.
 */
export type Recovery = 'new' | 'resumed' | 'reset';

export interface ConnectionReadyFrame {
  readonly type: 'connection_ready';
  readonly connection_id: string;
  readonly user_id: string;
  readonly mode: WebSocketManagerMode;
  readonly epoch: Epoch;
  /** The position this connection starts from: the next event follows it. */
  readonly offset: Offset;
  readonly oldest_offset: Offset;
  /** Events up to here are replay. */
  readonly head_offset: Offset;
  readonly recovery: Recovery;
  readonly heartbeat_ms: number;
  readonly max_message_bytes: number;
  /** When the credential expires, in milliseconds since 1970; absent when it does not. */
  readonly expires_at?: number;
  readonly open_runs: readonly OpenRun[];
}

export interface ModeChangedFrame {
  readonly type: 'mode_changed';
  readonly mode: WebSocketManagerMode;
  readonly reason: string;
}

export interface AuthExpiringFrame {
  readonly type: 'auth_expiring';
  readonly expires_at: number;
}

export interface AuthOkFrame {
  readonly type: 'auth_ok';
  readonly expires_at?: number;
}

export interface ServerDrainingFrame {
  readonly type: 'server_draining';
  readonly reconnect_after_ms: number;
}

/** After a `reset`, for each open run: the fold of what can no longer be replayed. */
export interface RunSnapshotFrame {
  readonly type: 'run_snapshot';
  readonly run_id: string;
  readonly thread_id?: string;
  /** The state holds every event of the run up to here. */
  readonly offset: Offset;
  readonly state: RunState;
}

export interface LaggingFrame {
  readonly type: 'lagging';
  readonly offset: Offset;
  readonly head_offset: Offset;
}

export interface CaughtUpFrame {
  readonly type: 'caught_up';
  readonly offset: Offset;
}

export interface AcceptedFrame {
  readonly type: 'accepted';
  /** `message_id`, `run_id`, `tool_call_id` or `request_id` of the frame that is answered. */
  readonly ref: string;
  readonly thread_id?: string;
  readonly run_id?: string;
  /** The arguments that `read_approval` asked for. */
  readonly args?: JsonValue;
  /** Answers `set_threads`: up to here the connection saw the threads before, and after it those that were asked for. */
  readonly offset?: Offset;
  /** Answers `set_threads`: the threads in force, as they were asked for. Absent: every thread that the credential allows. */
  readonly threads?: readonly string[];
  /** Answers `set_threads`: the runs that are open in these threads. */
  readonly open_runs?: readonly OpenRun[];
}

export interface ErrorFrame {
  readonly type: 'error';
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether the server closes the connection because of it. */
  readonly fatal: boolean;
  readonly ref?: string;
}

export interface PongFrame {
  readonly type: 'pong';
  readonly id?: string | number;
  readonly timestamp: number;
}

/**
 * A piece of the text of a frame that is too long for one message on a slow link, where the client said `parts`. The parts of a frame
 * follow each other with no other message between them.
 */
export interface FramePartFrame {
  readonly type: 'frame_part';
  /** 0 for the first part of a frame, +1 for each next one. */
  readonly seq: number;
  readonly last: boolean;
  readonly data: string;
}

/** Every frame of the server that is not an event. */
export type ControlFrame =
  | ConnectionReadyFrame
  | ModeChangedFrame
  | AuthExpiringFrame
  | AuthOkFrame
  | ServerDrainingFrame
  | RunSnapshotFrame
  | LaggingFrame
  | CaughtUpFrame
  | AcceptedFrame
  | ErrorFrame
  | PongFrame
  | FramePartFrame;

export type ControlFrameType = ControlFrame['type'];

/** Every frame a server may send. */
export type ServerFrame = ControlFrame | ReceivedEvent;

/** What arrives on the wire: a frame whose application events are not narrowed to the declared ones. */
export type WireFrame = ControlFrame | NumberedEvent | VolatileEvent;
