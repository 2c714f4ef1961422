import { connect as connectTcp, type Socket } from 'node:net';
import { parseServerMessage, shouldReconnect, type StreamPosition, type WireFrame } from '@ws/types';
import { WebSocket, type RawData } from 'ws';
import type { Dice } from '../random.ts';
import type { CursorCheck } from './cursor-check.ts';
import { count, type Tally } from './tally.ts';

/** How a tab loses its connection. `abandon` leaves the socket half-open: it is never read again and never closed. */
export type Loss = 'close' | 'reset' | 'cut' | 'abandon';

/** What a tab knows when it comes back: its position, one of a log that is gone, or nothing. */
export type Memory = 'kept' | 'stale' | 'none';

export interface TabOptions {
  readonly url: string;
  readonly threads: readonly string[] | undefined;
  readonly batch: boolean;
  readonly token: () => Promise<string>;
  readonly check: CursorCheck;
  readonly tally: Tally;
  readonly dice: Dice;
}

const ACK_EVERY = 20;
const RETRY_MS = 1_000;
/** Half-open sockets are let go after this: the server has long noticed by then, and files are few. */
const ABANDONED_MS = 60_000;

/** One tab: a bare WebSocket that resumes where it stood, and has every frame checked. */
export class Tab {
  readonly #options: TabOptions;
  readonly #abandoned = new Set<WebSocket>();
  #socket: WebSocket | undefined;
  #tcp: Socket | undefined;
  #ready = false;
  #events = 0;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: TabOptions) {
    this.#options = options;
  }

  get online(): boolean {
    return this.#ready;
  }

  get check(): CursorCheck {
    return this.#options.check;
  }

  /** Connects if it is not connected, with the position it holds or has lost. */
  async connect(memory: Memory = 'kept'): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#socket !== undefined || this.#stopped) return;
    const { url, check, tally } = this.#options;
    const address = new URL('/ws', url.replace('http', 'ws'));
    const token = await this.#options.token().catch(() => undefined);
    if (this.#stopped) return;
    if (token === undefined) {
      count(tally.closes, 'no token');
      this.#timer = setTimeout(() => void this.connect(memory), RETRY_MS);
      return;
    }
    const socket = new WebSocket(address, ['agent-events.v1', `jwt.${token}`], {
      perMessageDeflate: false,
      createConnection: () => (this.#tcp = connectTcp(Number(address.port), address.hostname)),
    });
    this.#socket = socket;
    this.#ready = false;
    const position = check.position;
    const asked: StreamPosition | undefined =
      position === undefined || memory === 'none'
        ? undefined
        : { epoch: memory === 'stale' ? 'an-epoch-that-is-gone' : position.epoch, offset: position.offset };
    let fault = '';
    socket.on('error', (error) => (fault = ` ${error.message}`));
    socket.on('unexpected-response', (request, response) => {
      count(tally.closes, `HTTP ${response.statusCode}`);
      request.destroy();
      if (response.statusCode !== 503) tally.violation(`an upgrade was refused with ${response.statusCode}`);
      this.#gone(socket, this.#options.dice.between(500, 3_000));
    });
    socket.on('open', () => this.#hello(socket, asked));
    socket.on('message', (data, isBinary) => this.#take(socket, data, isBinary, asked));
    socket.on('close', (code) => this.#closed(socket, code, fault));
  }

  /** Loses the connection, and comes back after a while. */
  lose(how: Loss, backAfterMs: number, memory: Memory = 'kept'): void {
    const socket = this.#socket;
    if (socket === undefined) return;
    const tcp = this.#tcp;
    if (how === 'close') socket.close(1000);
    else if (how === 'reset') tcp?.resetAndDestroy();
    else if (how === 'cut') socket.terminate();
    else if (socket.readyState === WebSocket.OPEN) {
      socket.pause();
      this.#abandon(socket);
    } else socket.terminate();
    this.#gone(socket, backAfterMs, memory);
  }

  /** Does not read for a while. */
  stall(ms: number): void {
    const socket = this.#socket;
    if (socket?.readyState !== WebSocket.OPEN) return;
    socket.pause();
    setTimeout(() => socket.resume(), ms);
  }

  /** Leaves for good; sockets that were abandoned stay as they are until {@link forget}. */
  leave(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    this.#socket = undefined;
    this.#ready = false;
    socket?.close(1000);
  }

  /** Lets go of everything. */
  forget(): void {
    this.leave();
    for (const socket of this.#abandoned) socket.terminate();
  }

  #abandon(socket: WebSocket): void {
    this.#abandoned.add(socket);
    setTimeout(() => {
      this.#abandoned.delete(socket);
      socket.terminate();
    }, ABANDONED_MS).unref();
  }

  #hello(socket: WebSocket, resume: StreamPosition | undefined): void {
    const { threads, batch } = this.#options;
    if (socket === this.#socket) socket.send(JSON.stringify({ type: 'hello', resume, threads, batch }));
  }

  #take(socket: WebSocket, data: RawData, isBinary: boolean, asked: StreamPosition | undefined): void {
    // What arrives on a socket that this tab has given up is not looked at: the next one resumes without it.
    if (socket !== this.#socket) return;
    const { tally } = this.#options;
    if (isBinary || !Buffer.isBuffer(data)) return tally.violation('a binary message');
    for (const parsed of parseServerMessage(data.toString())) {
      if (parsed.ok) this.#takeFrame(socket, parsed.value, asked);
      else tally.violation(`a bad frame: ${parsed.message}: ${data.toString().slice(0, 300)}`);
    }
  }

  #takeFrame(socket: WebSocket, frame: WireFrame, asked: StreamPosition | undefined): void {
    const { check, tally } = this.#options;
    if ('payload' in frame) {
      if (frame.offset === undefined) return tally.violation('a volatile event, and the log was never away');
      tally.eventFrames += 1;
      if (frame.merged !== undefined) tally.mergedFrames += 1;
      tally.delivered += check.event(frame);
      this.#events += 1;
      if (this.#events % ACK_EVERY === 0) socket.send(JSON.stringify({ type: 'ack', offset: frame.offset }));
      return;
    }
    count(tally.control, frame.type);
    if (frame.type === 'connection_ready') {
      if (this.#ready) tally.violation('connection_ready came twice');
      this.#ready = true;
      count(tally.recoveries, frame.recovery);
      check.ready(frame, asked);
    } else if (frame.type === 'run_snapshot') check.snapshot(frame);
    else if (frame.type === 'lagging' || frame.type === 'caught_up') check.standsAt(frame.type, frame.offset);
    else if (frame.type === 'error') count(tally.closes, `error ${frame.code}`);
  }

  #closed(socket: WebSocket, code: number, fault: string): void {
    if (socket !== this.#socket) return;
    const { tally, dice } = this.#options;
    count(tally.closes, `${code}${fault}`);
    if (!shouldReconnect(code)) tally.violation(`closed for good with ${code}`);
    this.#gone(socket, dice.between(100, 2_000));
  }

  #gone(socket: WebSocket, backAfterMs: number, memory: Memory = 'kept'): void {
    if (socket !== this.#socket) return;
    this.#socket = undefined;
    this.#ready = false;
    this.#options.check.cut();
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.connect(memory), backAfterMs);
  }
}
