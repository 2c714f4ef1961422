import { once } from 'node:events';
import { WebSocket, type ClientOptions, type RawData } from 'ws';
import { Happenings } from './happenings.ts';
import { within } from './within.ts';

/** A frame as it came over the wire, unchecked. */
export interface WireFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

/** An event as it came over the wire. */
export interface WireEvent extends WireFrame {
  readonly offset: number;
  readonly event_id: string;
  readonly payload: { readonly [field: string]: unknown };
}

export interface PeerClosed {
  readonly code: number;
  readonly reason: string;
}

export interface PeerOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What follows `/ws`, with its question mark. */
  readonly query?: string;
  /** Said as soon as the socket is open; `null` says nothing. Default: a bare hello. */
  readonly hello?: object | null;
  readonly socket?: ClientOptions;
}

const PATIENCE_MS = 8_000;

/** A client that knows nothing but the protocol's page: a bare WebSocket and a list of what arrived. */
export class Peer {
  readonly socket: WebSocket;
  readonly frames: WireFrame[] = [];
  /** Text messages received; with `batch` one may hold several frames. */
  messages = 0;
  closed: PeerClosed | undefined;
  readonly #happenings = new Happenings();

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#happenings.happened();
    });
    socket.on('error', () => undefined);
  }

  /** Connects and, if not told otherwise, says hello. */
  static async open(url: string, options: PeerOptions = {}): Promise<Peer> {
    const { token, headers = {}, query = '', hello = {}, socket: socketOptions = {} } = options;
    const protocols = ['agent-events.v1', ...(token === undefined ? [] : [`jwt.${token}`])];
    const address = `${url.replace('http', 'ws')}/ws${query}`;
    const socket = new WebSocket(address, protocols, { headers, ...socketOptions });
    const peer = new Peer(socket);
    await within(PATIENCE_MS, 'the socket opens', once(socket, 'open'));
    if (hello !== null) peer.say({ type: 'hello', ...hello });
    return peer;
  }

  /** As {@link open}, and waits until the server has answered hello. */
  static async ready(url: string, options: PeerOptions = {}): Promise<Peer> {
    const peer = await Peer.open(url, options);
    await peer.frame('connection_ready');
    return peer;
  }

  get events(): readonly WireEvent[] {
    return this.frames.filter(
      (frame): frame is WireEvent => 'event_id' in frame && typeof frame['offset'] === 'number',
    );
  }

  say(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  sayText(text: string): void {
    this.socket.send(text);
  }

  /** The first frame, already here or still to come, that is of this type or passes this test. */
  async frame(wanted: string | ((frame: WireFrame) => boolean), ms = PATIENCE_MS): Promise<WireFrame> {
    const isWanted = typeof wanted === 'string' ? (frame: WireFrame) => frame.type === wanted : wanted;
    const name = typeof wanted === 'string' ? `a frame ${wanted}` : `a frame with ${wanted.toString()}`;
    await this.until(() => this.frames.some(isWanted), name, ms);
    const found = this.frames.find(isWanted);
    if (found === undefined) throw new Error(`${name} was here a moment ago`);
    return found;
  }

  /** Waits until the condition holds; looks after each message and at the close. */
  async until(condition: () => boolean, what: string, ms = PATIENCE_MS): Promise<void> {
    await this.#happenings.until(condition, () => `${what}; here so far: ${this.#summary()}`, ms);
  }

  async close(ms = PATIENCE_MS): Promise<PeerClosed> {
    this.socket.close(1000);
    return this.ended(ms);
  }

  /** Waits for the close, whoever closes. */
  async ended(ms = PATIENCE_MS): Promise<PeerClosed> {
    await this.until(() => this.closed !== undefined, 'the socket closes', ms);
    return this.closed ?? { code: 0, reason: '' };
  }

  #take(data: RawData, isBinary: boolean): void {
    if (isBinary || !Buffer.isBuffer(data)) throw new Error('the server sent a binary message');
    this.messages += 1;
    const message = JSON.parse(data.toString()) as WireFrame | readonly WireFrame[];
    for (const frame of Array.isArray(message) ? (message as readonly WireFrame[]) : [message as WireFrame]) {
      this.frames.push(frame);
    }
    this.#happenings.happened();
  }

  #summary(): string {
    const types = this.frames.map((frame) => frame.type).slice(-20);
    return `${this.frames.length} frames, last [${types.join(', ')}], closed ${JSON.stringify(this.closed)}`;
  }
}
