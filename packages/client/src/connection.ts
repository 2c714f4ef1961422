import { SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX, WebSocketError, type ClientFrame, type HelloFrame } from '@ws/types';
import type { Clock, Timer } from './clock.ts';
import type { ResumePoint } from './cursor.ts';
import { Heartbeat } from './heartbeat.ts';
import { FrameReader, type ReadFrame } from './read-frames.ts';
import type { SocketLike, WebSocketConstructor } from './socket.ts';

/** How a connection ended. */
export interface ConnectionEnd {
  readonly code?: number;
  readonly error?: WebSocketError;
}

/** `hello` in the earlier spelling, `resume` for `from`: servers of the first version know no other. */
export type SentHello = Omit<HelloFrame, 'from'> & { readonly resume?: ResumePoint };

export interface ConnectionSettings {
  readonly WebSocket: WebSocketConstructor;
  readonly url: string;
  readonly token: string | undefined;
  readonly hello: SentHello;
  readonly clock: Clock;
  /** Time for `connection_ready`, in milliseconds. */
  readonly timeoutMs: number;
  /** Each frame, in order. */
  readonly receive: (frame: ReadFrame) => void;
  /** The connection ended by itself; not called after {@link Connection.drop}. */
  readonly ended: (end: ConnectionEnd) => void;
}

/** Close code for a peer that does not answer; see CLOSE_CODES.TIMEOUT. */
const SILENT = 4008;
/** Longest token in a header: servers and proxies take 8 to 16 KiB of all headers, cookies included. `hello` has no such limit. */
const MAX_HEADER_TOKEN_CHARS = 4_096;
// What RFC 6455 lets stand in a subprotocol; every JWT fits.
const SUBPROTOCOL_SAFE = /^[\w.~!#$%&'*+^`|-]+$/;

/** One socket, from its opening to its end. */
export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #socket: SocketLike;
  readonly #reader = new FrameReader();
  #timeout: Timer;
  #heartbeat: Heartbeat | null = null;
  #open = true;

  /** Opens the socket. Throws `INVALID_OPTION` if the platform refuses the address. */
  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    const { WebSocket, url, token, hello, receive } = settings;
    const inSubprotocol = token !== undefined && token.length <= MAX_HEADER_TOKEN_CHARS && SUBPROTOCOL_SAFE.test(token);
    try {
      this.#socket = new WebSocket(
        url,
        inSubprotocol ? [SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + token] : [SUBPROTOCOL],
      );
    } catch (cause) {
      // The cause itself may repeat the address or the token, so only its name goes on.
      const name = cause instanceof Error ? cause.name : typeof cause;
      throw new WebSocketError('INVALID_OPTION', `the platform refuses to open a WebSocket to this url (${name})`);
    }
    this.#timeout = this.#awaitReady();
    this.#socket.onopen = () => this.send(token === undefined || inSubprotocol ? hello : { ...hello, token });
    this.#socket.onmessage = ({ data }: { readonly data: unknown }) => {
      this.#heartbeat?.heard();
      if (typeof data !== 'string') return this.violated('the server sent a binary message');
      for (const frame of this.#read(data)) {
        if (!this.#open) return;
        receive(frame);
      }
    };
    // What matters is told by the close event that follows.
    this.#socket.onerror = () => {};
    this.#socket.onclose = ({ code }: { readonly code: number }) => this.#end(undefined, { code });
  }

  /** `connection_ready` came: the peer is watched from now on. */
  ready(heartbeatMs: number): void {
    this.#timeout.cancel();
    this.#heartbeat = new Heartbeat(
      this.#settings.clock,
      heartbeatMs,
      () => this.send({ type: 'ping' }),
      () => this.#end(SILENT, { error: new WebSocketError('HEARTBEAT_TIMEOUT', 'the server fell silent') }),
    );
  }

  send(frame: ClientFrame | SentHello): void {
    this.sendText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    if (!this.#open) return;
    this.#heartbeat?.said();
    this.#socket.send(text);
  }

  giveUp(text: string): void {
    this.#socket.giveUp?.(text);
  }

  /** Asks for a sign of life now. */
  probe(): void {
    this.#heartbeat?.probe();
  }

  /** Ends a connection that can't be trusted any more. */
  violated(message: string): void {
    this.#end(1000, { error: new WebSocketError('PROTOCOL_VIOLATION', message) });
  }

  /** Ends the connection without a call of `ended`. */
  drop(): void {
    this.#detach(1000);
  }

  #awaitReady(): Timer {
    const { clock, timeoutMs } = this.#settings;
    return clock.after(timeoutMs, () =>
      this.#end(SILENT, { error: new WebSocketError('HELLO_TIMEOUT', 'the server did not answer hello in time') }),
    );
  }

  #read(data: string): readonly ReadFrame[] {
    try {
      const frames = this.#reader.read(data);
      // A part of `connection_ready`, or a piece of it over HTTP: the server is answering.
      if (this.#heartbeat === null) {
        this.#timeout.cancel();
        this.#timeout = this.#awaitReady();
      }
      return frames;
    } catch (error) {
      this.#end(1000, { error: error as WebSocketError });
      return [];
    }
  }

  #end(closeWith: number | undefined, end: ConnectionEnd): void {
    if (!this.#open) return;
    this.#detach(closeWith);
    this.#settings.ended(end);
  }

  #detach(closeWith: number | undefined): void {
    if (!this.#open) return;
    this.#open = false;
    this.#timeout.cancel();
    this.#heartbeat?.stop();
    // The end is decided: a socket on a dead network may take minutes to say that it closed. `onerror` stays, because the
    // `ws` package throws where nobody listens.
    this.#socket.onopen = null;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    if (closeWith !== undefined) this.#socket.close(closeWith);
  }
}
