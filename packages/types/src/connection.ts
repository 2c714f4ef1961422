import type { CloseReason } from './close-codes.ts';
import type { ConnectionId, ThreadId } from './ids.ts';
import type { Offset } from './position.ts';

/**
 * State of a connection:
 *
 * ```
 * catching_up ──reached the head──▶ live ──outbound budget used up──▶ lagging
 *                                     ◀──reached the head again──────
 * any of them ──close()──▶ closing ──socket closed──▶ closed
 * ```
 */
export type ConnectionState = 'catching_up' | 'live' | 'lagging' | 'closing' | 'closed';

/** What the holder of a manager sees of one of its user's sockets. */
export interface WebSocketConnection {
  readonly id: ConnectionId;
  readonly state: ConnectionState;
  /** Threads this connection asked for; `null` is all. */
  readonly threads: ReadonlySet<ThreadId> | null;
  /** Offset of the last event handed to the socket. */
  readonly sentOffset: Offset;
  /** Highest offset the client acknowledged as processed; 0 before the first `ack`. */
  readonly ackedOffset: Offset;
  /** When the connection was accepted, in milliseconds since 1970. */
  readonly connectedAt: number;
  /** Closes the socket with the code that belongs to `reason`. Never cancels a run. */
  close(reason: CloseReason): void;
}
