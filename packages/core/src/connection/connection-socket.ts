import type { FrameGroup } from '../stream/frame.ts';

/**
 * What the core needs of a socket. An adapter binds one library to it: `@ws/core/ws` is the one for `ws`, `@ws/server/crossws` the one
 * for Bun, Deno and other runtimes. What arrives goes to the {@link Session} that `hub.accept` returned.
 *
 * Some sockets cannot ping, or do not say when they have drained: those of Deno and of Workers can do neither. Their adapter does
 * it for them, or the core would cut off peers that are there, or write to peers that do not read:
 *
 * - It answers {@link ping} by `session.heard()` at once. The runtime looks for dead peers itself.
 * - It hands the socket a piece at a time and looks at the socket's `bufferedAmount` until it is 0. After each look that finds less than
 *   the one before it calls `session.headway()`, and at 0 `session.drained()`.
 */
export interface ConnectionSocket {
  /** Sends each frame of each group as one text message, all in one write. Never throws; a closed socket drops them. */
  send(groups: readonly FrameGroup[]): void;
  /** Bytes sent that the operating system has not taken yet, and those that the adapter still holds. */
  readonly bufferedBytes: number;
  /** Sends a WebSocket ping. An adapter whose socket cannot calls `session.heard()`. */
  ping(): void;
  /** Starts the closing handshake. A peer that does not answer is cut off by the adapter. */
  close(code: number, reason: string): void;
  /** Cuts the connection without a handshake. */
  terminate(): void;
}
