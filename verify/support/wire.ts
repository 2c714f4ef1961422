import { once } from 'node:events';
import { WebSocket, type RawData } from 'ws';

export interface WireFrame {
  readonly type: string;
  readonly offset?: number;
  readonly event_id?: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

export interface WireOptions {
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly hello?: object;
}

const PATIENCE_MS = 20_000;

const isEvent = ({ event_id, offset }: WireFrame): boolean => event_id !== undefined && offset !== undefined;

/** A client that knows nothing but the protocol: a bare WebSocket and what arrived on it, with the time it came. */
export class Wire {
  readonly frames: WireFrame[] = [];
  readonly arrivedAt: number[] = [];
  closeCode: number | undefined;
  /** How many frames were events with an offset. */
  eventCount = 0;
  readonly #socket: WebSocket;
  #changed: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: RawData) => this.#take(data));
    socket.on('close', (code: number) => {
      this.closeCode = code;
      this.#changed();
    });
    socket.on('error', () => {});
  }

  /** Connects and says hello. Throws with the status of a refusal. */
  static async open(url: string, { token, headers = {}, query = '', hello = {} }: WireOptions = {}): Promise<Wire> {
    const protocols = ['agent-events.v1', ...(token === undefined ? [] : [`jwt.${token}`])];
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws${query}`, protocols, { headers });
    const wire = new Wire(socket);
    await once(socket, 'open');
    wire.say({ type: 'hello', ...hello });
    await wire.until(() => wire.frames.length > 0 || wire.closeCode !== undefined, 'an answer to hello');
    return wire;
  }

  get events(): readonly WireFrame[] {
    return this.frames.filter(isEvent);
  }

  say(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }

  async until(condition: () => boolean, what: string, ms = PATIENCE_MS): Promise<void> {
    const deadline = performance.now() + ms;
    while (!condition()) {
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what} did not come within ${ms} ms (${this.frames.length} frames so far)`);
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, left);
      this.#changed = resolve;
      await promise;
      clearTimeout(timer);
    }
  }

  async answerTo(ref: string): Promise<WireFrame> {
    const isAnswer = (frame: WireFrame): boolean => frame['ref'] === ref;
    await this.until(() => this.frames.some(isAnswer) || this.closeCode !== undefined, `the answer to ${ref}`);
    return this.frames.find(isAnswer) ?? { type: 'closed', code: this.closeCode };
  }

  close(): void {
    this.#socket.terminate();
  }

  #take(data: RawData): void {
    const now = performance.now();
    const message = JSON.parse((data as Buffer).toString()) as WireFrame | readonly WireFrame[];
    for (const frame of Array.isArray(message) ? (message as readonly WireFrame[]) : [message as WireFrame]) {
      this.frames.push(frame);
      if (isEvent(frame)) this.eventCount += 1;
      this.arrivedAt.push(now);
    }
    this.#changed();
  }
}

/** The HTTP status with which an upgrade is refused, or would be: a bad credential is refused in the protocol. 101 if it is not refused. */
export async function upgradeStatus(url: string, options: WireOptions): Promise<number> {
  try {
    const wire = await Wire.open(url, options);
    wire.close();
    const [first] = wire.frames;
    return first?.type === 'error' && String(first['code']).startsWith('CREDENTIAL_') ? 401 : 101;
  } catch (error) {
    const status = /Unexpected server response: (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
    if (status === undefined) throw error;
    return Number(status);
  }
}
