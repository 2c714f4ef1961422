import type { StartFrom } from './position.ts';

export interface HelloFrame {
  readonly type: 'hello';
  /** Where the connection begins. Absent: `latest`. */
  readonly from?: StartFrom;
  /** Only events of these threads, and those of no thread. */
  readonly threads?: readonly string[];
  /** Whether the server may send a JSON array of frames as one message. */
  readonly batch?: boolean;
  /** Whether a frame that a slow link takes long for may travel in parts; see {@link FramePartFrame}. */
  readonly parts?: boolean;
  readonly token?: string;
}

export interface UserMessageFrame {
  readonly type: 'user_message';
  /** Idempotency key: the same id again gets the same answer and starts nothing. */
  readonly message_id: string;
  readonly thread_id?: string;
  readonly payload: { readonly text: string };
}

export interface CancelRunFrame {
  readonly type: 'cancel_run';
  readonly run_id: string;
}

export interface ToolApprovalFrame {
  readonly type: 'tool_approval';
  readonly tool_call_id: string;
  readonly run_id: string;
  readonly approved: boolean;
  readonly reason?: string;
}

/** Asks for the arguments of an approval that `connection_ready` left out. */
export interface ReadApprovalFrame {
  readonly type: 'read_approval';
  readonly tool_call_id: string;
  readonly run_id: string;
}

/** Changes which threads a live connection sees. Takes the place of those of `hello`, or of the `set_threads` before. */
export interface SetThreadsFrame {
  readonly type: 'set_threads';
  /** Named by the answer. */
  readonly request_id: string;
  /** Only events of these threads, and those of no thread. Absent: every thread that the credential allows. */
  readonly threads?: readonly string[];
}

export interface AckFrame {
  readonly type: 'ack';
  /** Everything up to here was processed. */
  readonly offset: number;
}

export interface AuthFrame {
  readonly type: 'auth';
  readonly token: string;
}

export interface PingFrame {
  readonly type: 'ping';
  /** Comes back in the `pong` as it is. */
  readonly id?: string | number;
}

/** Every frame a client may send. */
export type ClientFrame =
  | HelloFrame
  | UserMessageFrame
  | CancelRunFrame
  | ToolApprovalFrame
  | ReadApprovalFrame
  | SetThreadsFrame
  | AckFrame
  | AuthFrame
  | PingFrame;
