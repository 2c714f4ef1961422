import { Socket } from 'node:net';
import type { ConnectionSocket } from './connection/connection-socket.ts';
import type { FrameGroup } from './stream/frame.ts';
import type { Session } from './connection/session.ts';
import { Scratch, wireBytes, wireLength } from './ws-frames.ts';

/** The part of a `ws` WebSocket that is used, so that this package needs no dependency on it. */
export interface WsLike {
  readonly bufferedAmount: number;
  readonly readyState: number;
  /** Negotiated extensions; empty when messages are not compressed. */
  readonly extensions: string;
  send(data: string, callback: (error?: Error | null) => void): void;
  ping(): void;
  close(code: number, reason: string): void;
  terminate(): void;
  on(event: 'message', listener: (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => void): unknown;
  on(event: 'ping' | 'pong' | 'close', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/** The TCP (or TLS) socket below, for writing what was framed once. */
export interface ByteSocket {
  cork(): void;
  uncork(): void;
  write(bytes: Uint8Array, callback?: () => void): unknown;
}

const OPEN = 1;
const NOTHING = new Uint8Array(0);
const NONE: readonly FrameGroup[] = [];
/**
 * What a socket that does not keep up is handed at a time, in bytes. Node makes one write of all that waits for a socket, and the write
 * says nothing before its end: a peer that takes a megabyte in a quarter of an hour would look like one that takes nothing.
 */
const PIECE_BYTES = 16_384;
/** From here on what is sent is seldom the same for several connections, and its memory is worth saving, in characters. */
const LONG_CHARS = 2_048;
/** Each write is over, or has taken it, before the next begins: one is enough for all sockets. */
const scratch = new Scratch();

/**
 * Binds a socket of the `ws` library to a session.
 *
 * @param socket - an accepted WebSocket of `ws`
 * @param tcp - the socket of the upgrade; with it each message is framed once for all connections that get it, and a tick is
 *   one write. Without it, or with compression, messages go through `socket.send`
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
  tcp: ByteSocket | undefined,
  accept: (socket: ConnectionSocket) => Session,
): Session {
  const adapter = new WsSocket(socket, tcp);
  const session = accept(adapter);
  adapter.session = session;
  socket.on('message', (data, isBinary) => {
    // `ws` hands text messages over as one Buffer, checked to be UTF-8.
    if (isBinary || !Buffer.isBuffer(data)) session.receiveBinary();
    else session.receive(data.toString('utf8'), data.length);
  });
  const heard = (): void => session.heard();
  socket.on('ping', heard);
  socket.on('pong', heard);
  socket.on('close', () => session.closed());
  // `ws` closes by itself with the code that belongs to the fault (1009 for an oversized message); `close` follows.
  socket.on('error', ignore);
  return session;
}

/**
 * Relies on one behaviour of `ws` 8 (`lib/sender.js`): without a negotiated extension it hands each frame of its own (ping, pong,
 * close) to the TCP socket whole and at once, so that bytes written beside it fall between frames and never into one.
 * `test/ws-socket.test.ts` fails when that changes; {@link attachWebSocket} without `tcp` does not depend on it.
 */
class WsSocket implements ConnectionSocket {
  session: Session | undefined = undefined;
  readonly #socket: WsLike;
  readonly #tcp: ByteSocket | undefined;
  /** Made for a socket that does not take everything at once: most always do. */
  #written: (() => void) | undefined = undefined;
  #waits = false;
  /** What the socket has not been handed yet. */
  #waiting: readonly FrameGroup[] = NONE;
  #waitingBytes = 0;

  constructor(socket: WsLike, tcp: ByteSocket | undefined) {
    this.#socket = socket;
    this.#tcp = socket.extensions === '' ? tcp : undefined;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount + this.#waitingBytes;
  }

  send(groups: readonly FrameGroup[]): void {
    if (this.#socket.readyState !== OPEN) return;
    const [only] = groups;
    if (only !== undefined && groups.length === 1 && this.#waitingBytes === 0) {
      if (only.chars < LONG_CHARS) this.#hand(only);
      else this.#handPiece(groups);
    } else {
      for (const group of groups) this.#waitingBytes += this.#bytesOf(group);
      this.#waiting = [...this.#waiting, ...groups];
      this.#handOver();
    }
    this.#awaitDrain();
  }

  ping(): void {
    if (this.#socket.readyState === OPEN) this.#socket.ping();
  }

  close(code: number, reason: string): void {
    // `ws` cuts off a peer that does not answer the closing handshake, after 30 seconds or its `closeTimeout`. For one that has ended
    // its side there is no handshake and no such limit: if it reads nothing either, what waits for it would wait for ever.
    if (this.#socket.readyState === OPEN) {
      for (const group of this.#waiting) this.#hand(group);
      this.#dropWaiting();
      this.#socket.close(code, reason);
    } else this.#socket.terminate();
  }

  terminate(): void {
    this.#dropWaiting();
    this.#socket.terminate();
  }

  /** Hands over what waits: all of it while the socket takes it at once, else a piece. */
  #handOver(): void {
    while (this.#waiting.length > 0 && this.#socket.bufferedAmount === 0) {
      let count = 0;
      let bytes = 0;
      for (const group of this.#waiting) {
        if (bytes >= PIECE_BYTES) break;
        count += 1;
        bytes += this.#bytesOf(group);
      }
      const piece = this.#waiting.slice(0, count);
      this.#waiting = this.#waiting.slice(count);
      this.#waitingBytes -= bytes;
      this.#handPiece(piece);
    }
  }

  #handPiece(groups: readonly FrameGroup[]): void {
    const tcp = this.#tcp;
    if (tcp instanceof Socket) {
      tcp.write(scratch.frame(groups));
      if (this.#socket.bufferedAmount > 0) scratch.given();
      return;
    }
    // A stream of another kind may pass on what it was handed, and say that it has taken it.
    tcp?.cork();
    for (const group of groups) this.#hand(group);
    tcp?.uncork();
  }

  #hand(group: FrameGroup): void {
    if (this.#tcp !== undefined) this.#tcp.write(wireBytes(group));
    else for (const frame of group.frames) this.#socket.send(frame.text, this.#onTaken);
  }

  #bytesOf(group: FrameGroup): number {
    return this.#tcp === undefined ? group.bytes : wireLength(group);
  }

  #dropWaiting(): void {
    this.#waiting = NONE;
    this.#waitingBytes = 0;
  }

  /** Has the session told when the socket has taken everything. A callback for each write would cost more than the write's copy. */
  #awaitDrain(): void {
    if (this.#tcp === undefined || this.#waits || this.#socket.bufferedAmount === 0) return;
    this.#waits = true;
    this.#tcp.write(NOTHING, this.#onTaken);
  }

  get #onTaken(): () => void {
    return (this.#written ??= () => {
      this.#waits = false;
      this.#taken();
      this.#awaitDrain();
    });
  }

  /** The socket has taken what it was handed, or some of it. */
  #taken(): void {
    if (this.#socket.readyState !== OPEN) {
      this.#dropWaiting();
    } else if (this.#waiting.length > 0 && this.#socket.bufferedAmount === 0) {
      this.session?.headway();
      this.#handOver();
    }
    if (this.bufferedBytes === 0) this.session?.drained();
  }
}

function ignore(): void {}
