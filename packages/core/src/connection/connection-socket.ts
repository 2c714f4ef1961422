import type { FrameGroup } from './frame.ts';

/**
 * What the core needs of a socket. An adapter binds one library to it: `@ws/core/ws` is the one for `ws`. What arrives goes to
 * the {@link Session} that `hub.accept` returned.
 */
export interface ConnectionSocket {
  /** Sends each frame of each group as one text message, all in one write. Never throws; a closed socket drops them. */
  send(groups: readonly FrameGroup[]): void;
  /** Bytes sent that the operating system has not taken yet. */
  readonly bufferedBytes: number;
  /** Sends a WebSocket ping. */
  ping(): void;
  /** Starts the closing handshake. A peer that does not answer is cut off by the adapter. */
  close(code: number, reason: string): void;
  /** Cuts the connection without a handshake. */
  terminate(): void;
}
