import type { ConnectionSocket, FrameGroup, Session } from '@ws/core/internal';
import type { Clock, Timer } from '@ws/core/log';
import type { Refusal } from '@ws/core/ws';
import { CLOSE_CODES } from '@ws/types';

/** A socket that is not one of Node: of the web, or a peer of crossws. */
export interface WebPeer {
  send(text: string): unknown;
  close(code?: number, reason?: string): unknown;
  /** Absent: a peer can be asked to close, and not be cut off. */
  terminate?(): unknown;
  /** Absent: the runtime looks for dead peers itself. */
  ping?(): unknown;
  /** Bytes that the runtime has not handed to the operating system. Absent: it does not say, and nothing bounds what it holds. */
  readonly bufferedAmount?: number;
}

export interface WebPeerSocketOptions {
  readonly clock: Clock;
  readonly maxMessageBytes: number;
}

/** Messages that may wait while the credential of the upgrade is checked. */
const MAX_EARLY_MESSAGES = 32;
/** Time a peer has to answer the closing handshake, before it is cut off. */
const CLOSE_TIMEOUT_MS = 5_000;
/**
 * Deno drops a socket with all that is on its way when a message arrives behind its close frame: the peer would see no code. So a socket
 * like that is closed when nothing has arrived for a moment, and the messages of a flood have a second to end. In milliseconds.
 */
const QUIET_MS = 250;
const MAX_QUIET_MS = 1_000;
/** What the runtime may hold at a time, in bytes: most say nothing of a write before its end, and a slow link takes 1 kB/s. */
const PIECE_BYTES = 16_384;
/** Between two looks at what the runtime holds: soon after a write, later where nothing moves. In milliseconds. */
const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 100;

interface Message {
  readonly text: string;
  readonly bytes: number;
}

/**
 * Binds a socket without `drain` events, and perhaps without pings, to a session: it holds back what the runtime has no room for, and
 * looks from time to time how much that has sent.
 */
export class WebPeerSocket implements ConnectionSocket {
  readonly #peer: WebPeer;
  readonly #options: WebPeerSocketOptions;
  readonly #onClose: ((code: number) => void)[] = [];
  #session: Session | undefined;
  /** What arrived before there was a session. */
  #early: (string | undefined)[] = [];
  #state: 'open' | 'closing' | 'gone' = 'open';
  /** What the runtime has not been handed yet. */
  readonly #waiting: Message[] = [];
  #waitingBytes = 0;
  /** What a socket is to be closed with, which was asked to close. */
  #farewell: { readonly code: number; readonly reason: string; readonly until: number } | undefined;
  #look: Timer | undefined;
  #lookMs = FIRST_LOOK_MS;
  /** What the runtime held when last looked at. */
  #seenBytes = 0;

  constructor(peer: WebPeer, options: WebPeerSocketOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  get isGone(): boolean {
    return this.#state === 'gone';
  }

  get bufferedBytes(): number {
    return this.#heldBytes + this.#waitingBytes;
  }

  send(groups: readonly FrameGroup[]): void {
    if (this.#state !== 'open') return;
    for (const { frames } of groups) {
      for (const { text, bytes } of frames) {
        this.#waiting.push({ text, bytes });
        this.#waitingBytes += bytes;
      }
    }
    this.#handOver();
  }

  ping(): void {
    if (this.#state !== 'open') return;
    if (this.#peer.ping === undefined) this.#session?.heard();
    else this.#try(() => this.#peer.ping?.());
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'open') return this.terminate();
    for (const { text } of this.#waiting) this.#try(() => this.#peer.send(text));
    this.#stop('closing');
    const { clock } = this.#options;
    this.#farewell = { code, reason, until: clock.monotonic() + MAX_QUIET_MS };
    if (this.#peer.terminate === undefined) this.#look = clock.after(QUIET_MS, () => this.#sayFarewell());
    else this.#sayFarewell();
  }

  terminate(): void {
    if (this.#state === 'gone') return;
    this.#stop('closing');
    if (this.#peer.terminate === undefined) this.#sayFarewell();
    else this.#try(() => this.#peer.terminate?.());
    this.gone(1006);
  }

  /** Calls `listener` once, when the socket is gone; with 1006 where it was cut off. */
  on(_event: 'close', listener: (code: number) => void): void {
    this.#onClose.push(listener);
  }

  /** The peer may come in: what arrived before is handed on. */
  start(session: Session): void {
    this.#session = session;
    for (const message of this.#early.splice(0)) this.receive(message);
  }

  /** The peer may not come in. It is open already, so it is told in the protocol. */
  refuse({ frame, close }: Refusal): void {
    this.send([frame]);
    this.close(close.code, close.reason);
  }

  /** A message arrived. What is not text is not looked at. */
  receive(data: unknown): void {
    if (this.#state !== 'open') return this.#hush();
    const text = typeof data === 'string' ? data : undefined;
    const bytes = text === undefined ? 0 : Buffer.byteLength(text);
    if (bytes > this.#options.maxMessageBytes) this.#end('MESSAGE_TOO_BIG');
    else if (this.#session === undefined && this.#early.length < MAX_EARLY_MESSAGES) this.#early.push(text);
    else if (this.#session === undefined) this.#end('RATE_LIMITED');
    else if (text === undefined) this.#session.receiveBinary();
    else this.#session.receive(text, bytes);
  }

  /** A ping or pong of the peer arrived. */
  heard(): void {
    this.#session?.heard();
  }

  /** The runtime has sent all that it held. */
  drained(): void {
    if (this.#state === 'open' && this.#look !== undefined) this.#lookAgain();
  }

  /** The socket is closed. */
  gone(code: number): void {
    if (this.#state === 'gone') return;
    this.#stop('gone');
    this.#early = [];
    this.#session?.closed();
    for (const listener of this.#onClose) listener(code);
  }

  get #heldBytes(): number {
    return this.#peer.bufferedAmount ?? 0;
  }

  #sayFarewell(): void {
    this.#stop('closing');
    this.#try(() => this.#peer.close(this.#farewell?.code, this.#farewell?.reason));
    this.#farewell = undefined;
    this.#look = this.#options.clock.after(CLOSE_TIMEOUT_MS, () => this.terminate());
  }

  /** A message has arrived that is not heard any more. */
  #hush(): void {
    const { clock } = this.#options;
    if (this.#farewell === undefined || clock.monotonic() > this.#farewell.until - QUIET_MS) return;
    this.#look?.cancel();
    this.#look = clock.after(QUIET_MS, () => this.#sayFarewell());
  }

  #end(reason: 'MESSAGE_TOO_BIG' | 'RATE_LIMITED'): void {
    if (this.#session === undefined) this.close(CLOSE_CODES[reason].code, CLOSE_CODES[reason].meaning);
    else this.#session.close(reason);
  }

  /** Hands over what the runtime has room for, and looks again later where it holds some. */
  #handOver(): void {
    let count = 0;
    for (const { text, bytes } of this.#waiting) {
      if (this.#heldBytes >= PIECE_BYTES) break;
      count += 1;
      this.#waitingBytes -= bytes;
      if (!this.#try(() => this.#peer.send(text))) return;
    }
    this.#waiting.splice(0, count);
    this.#seenBytes = this.#heldBytes;
    if (this.bufferedBytes > 0) this.#look ??= this.#options.clock.after(this.#lookMs, () => this.#lookAgain());
  }

  #lookAgain(): void {
    this.#look?.cancel();
    this.#look = undefined;
    const moved = this.#heldBytes < this.#seenBytes;
    this.#lookMs = moved ? FIRST_LOOK_MS : Math.min(2 * this.#lookMs, LAST_LOOK_MS);
    if (moved) this.#session?.headway();
    if (this.#state !== 'open') return;
    this.#handOver();
    if (this.bufferedBytes === 0) this.#session?.drained();
  }

  /** Whether the runtime took the call. One that throws has lost the socket, and says so in a moment. */
  #try(call: () => void): boolean {
    try {
      call();
      return true;
    } catch {
      if (this.#state === 'open') this.#options.clock.soon(() => this.terminate());
      return false;
    }
  }

  #stop(state: 'closing' | 'gone'): void {
    this.#state = state;
    this.#look?.cancel();
    this.#look = undefined;
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
  }
}
