import type { ConnectionSocket } from './connection/connection-socket.ts';
import type { Frame } from './connection/frame.ts';
import type { Session } from './connection/session.ts';

/** The part of a `ws` WebSocket that is used, so that this package needs no dependency on it. */
export interface WsLike {
  readonly bufferedAmount: number;
  readonly readyState: number;
  send(data: string, callback: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'pong' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The TCP socket below, for writing a tick's frames at once. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

const OPEN = 1;

/**
 * Binds a socket of the `ws` library to a session.
 *
 * @param socket - an accepted WebSocket of `ws`
 * @param tcp - the TCP socket of the upgrade; frames of one tick are then one write
 * @param accept - what takes it: `(socket) => hub.accept(socket, …)` or `(socket) => manager.attach(socket)`
 * @example
 * ```ts
 * server.on('upgrade', (request, tcp, head) => {
 *   wss.handleUpgrade(request, tcp, head, (ws) => attachWebSocket(ws, tcp, (socket) => hub.accept(socket, { authentication })));
 * });
 * ```
 */
export function attachWebSocket(
  socket: WsLike,
  tcp: Corkable | undefined,
  accept: (socket: ConnectionSocket) => Session,
): Session {
  const adapter = new WsSocket(socket, tcp);
  const session = accept(adapter);
  adapter.onDrained = () => session.drained();
  socket.on('message', (data, isBinary) => {
    // `ws` hands text messages over as one Buffer, checked to be UTF-8.
    if (isBinary || !Buffer.isBuffer(data)) session.receiveBinary();
    else session.receive(data.toString('utf8'));
  });
  socket.on('ping', () => session.heard());
  socket.on('pong', () => session.heard());
  socket.on('close', () => session.closed());
  // `ws` closes by itself with the code that belongs to the fault (1009 for an oversized message); `close` follows.
  socket.on('error', () => undefined);
  return session;
}

class WsSocket implements ConnectionSocket {
  onDrained: () => void = () => undefined;
  readonly #socket: WsLike;
  readonly #tcp: Corkable | undefined;
  readonly #sent = (): void => {
    if (this.#socket.bufferedAmount === 0) this.onDrained();
  };

  constructor(socket: WsLike, tcp: Corkable | undefined) {
    this.#socket = socket;
    this.#tcp = tcp;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(frames: readonly Frame[]): void {
    if (this.#socket.readyState !== OPEN) return;
    this.#tcp?.cork();
    for (const frame of frames) this.#socket.send(frame.text, this.#sent);
    this.#tcp?.uncork();
  }

  ping(): void {
    if (this.#socket.readyState === OPEN) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    // `ws` cuts off a peer that does not answer the closing handshake within 30 seconds.
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
