import { connect, type Socket } from 'node:net';
import { DIALECTS, type Dialect, type DialectName } from './dialect.ts';
import { EventCheck } from './event-check.ts';
import { CLIENT_PONG, clientFrame, FrameReader, type MessageSink } from './frame-reader.ts';
import type { Tally } from './tally.ts';

/** Where and as whom a client connects. */
export interface LoadClientOptions {
  readonly dialect: DialectName;
  readonly port: number;
  readonly user: number;
  readonly token: string;
  /** Whether it asks for the thread of its user alone. */
  readonly oneThread?: boolean;
  readonly tally: Tally;
}

/** What a client's owner is told. */
export interface LoadClientEvents {
  ready?: ((client: LoadClient) => void) | undefined;
  /** Closed or refused, by the server or the network; not told after {@link LoadClient.cut}. */
  lost?: ((client: LoadClient) => void) | undefined;
}

/** One chunk buffer for all sockets: each chunk is read to its end before the next arrives. */
const CHUNK = Buffer.allocUnsafe(256 * 1024);
const HEADER_END = Buffer.from('\r\n\r\n');
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
/** One address has 28,000 ports for all connections to a server; a benchmark of handshakes uses up more. */
const LOCAL_ADDRESSES = 32;
let opened = 0;

/** A WebSocket client that costs next to nothing: it counts frames by their headers and decodes no JSON of events. */
export class LoadClient implements MessageSink {
  readonly user: number;
  readonly token: string;
  readonly oneThread: boolean;
  readonly tally: Tally;
  readonly check: EventCheck;
  /** Position of `agent-events.v1`, and session of Socket.IO. */
  epoch: string | undefined;
  readonly recovery: { pid: string | undefined; lastPacket: string | undefined } = {
    pid: undefined,
    lastPacket: undefined,
  };
  /** When a server that drains wants its clients back. */
  reconnectAfterMs: number | undefined;
  /** The last event this connection has to make up for, if the server tells. */
  headOffset: number | undefined;
  ready = false;
  readonly #dialect: Dialect;
  readonly #events: LoadClientEvents;
  readonly #port: number;
  #socket: Socket | undefined;
  #frames = new FrameReader();
  #upgraded = false;
  #reading = true;

  constructor(options: LoadClientOptions, events: LoadClientEvents = {}) {
    this.#dialect = DIALECTS[options.dialect];
    this.#port = options.port;
    this.user = options.user;
    this.token = options.token;
    this.oneThread = options.oneThread ?? false;
    this.tally = options.tally;
    this.check = new EventCheck(options.tally);
    this.#events = events;
  }

  connect(port = this.#port): void {
    opened += 1;
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      localAddress: `127.0.0.${1 + (opened % LOCAL_ADDRESSES)}`,
      noDelay: true,
      onread: {
        buffer: CHUNK,
        callback: (length) => {
          if (this.#socket === socket) this.#read(length);
          return this.#reading;
        },
      },
    });
    this.#socket = socket;
    this.#upgraded = false;
    this.#frames = new FrameReader();
    const { path, headers } = this.#dialect.request(this);
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => this.#closed(socket));
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n${headers}\r\n`,
    );
  }

  send(text: string): void {
    this.#socket?.write(clientFrame(text));
  }

  /** Cuts the connection with a TCP reset. */
  cut(): void {
    const socket = this.#socket;
    this.#socket = undefined;
    if (this.ready) this.tally.ready -= 1;
    this.ready = false;
    socket?.resetAndDestroy();
  }

  /** Stops reading, as a phone in a tunnel does. */
  stall(): void {
    this.#reading = false;
  }

  becameReady(headOffset: number | undefined): void {
    this.ready = true;
    this.headOffset = headOffset;
    this.tally.ready += 1;
    this.#events.ready?.(this);
  }

  message(bytes: Buffer, start: number, end: number): void {
    this.#dialect.message(this, bytes, start, end);
  }

  ping(): void {
    this.#socket?.write(CLIENT_PONG);
  }

  closing(): void {
    this.#socket?.end();
  }

  #read(length: number): void {
    if (this.#upgraded) return this.#frames.read(CHUNK, length, this);
    const end = CHUNK.indexOf(HEADER_END);
    if (end < 0 || end >= length) {
      throw new Error(`the answer to an upgrade came in pieces: ${CHUNK.toString('latin1', 0, length)}`);
    }
    if (CHUNK.toString('latin1', 9, 12) !== '101') {
      this.tally.refused += 1;
      this.#socket?.destroy();
      return;
    }
    this.#upgraded = true;
    this.#dialect.upgraded(this);
    const from = end + HEADER_END.length;
    if (from < length) this.#frames.read(CHUNK.subarray(from, length), length - from, this);
  }

  #closed(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    if (this.ready) this.tally.ready -= 1;
    this.ready = false;
    this.tally.lost += 1;
    this.#events.lost?.(this);
  }
}
