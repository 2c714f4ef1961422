import { setTimeout as pause } from 'node:timers/promises';
import { frame, readFrames, type FrameParts, type ServerFrame } from './frames.ts';
import { RawSocket } from './raw-socket.ts';

const MAX_ATTEMPTS = 50;
const RETRY_MS = 200;

export interface UpgradeParts {
  readonly token?: string;
  /** What follows `/ws`, with its question mark. */
  readonly query?: string;
  readonly headers?: readonly string[];
}

/** The lines of a good handshake, without the empty one that ends it. */
export function upgradeLines(url: string, { token, query = '', headers = [] }: UpgradeParts = {}): readonly string[] {
  return [
    `GET /ws${query} HTTP/1.1`,
    `Host: ${new URL(url).host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: agent-events.v1',
    ...(token === undefined ? [] : [`Authorization: Bearer ${token}`]),
    ...headers,
  ];
}

/** A WebSocket whose frames are made by hand, so that any bit of them can be wrong. */
export class RawWebSocket implements Disposable {
  readonly socket: RawSocket;

  private constructor(socket: RawSocket) {
    this.socket = socket;
  }

  static async open(url: string, parts: UpgradeParts = {}): Promise<RawWebSocket> {
    for (let attempts = MAX_ATTEMPTS; ; attempts -= 1) {
      const socket = await RawSocket.connect(url);
      socket.lines(...upgradeLines(url, parts), '');
      await socket.until(() => socket.text.includes('\r\n\r\n'), 'the answer to the upgrade');
      if (socket.statuses[0] === 101) return new RawWebSocket(socket);
      const answer = await socket.cutOff();
      // On a machine that does other things the server may get no turn for so long that it sheds load: what any client does is wait.
      if (attempts === 0 || !answer.includes('OVERLOADED')) throw new Error(`the upgrade was refused: ${answer}`);
      await pause(RETRY_MS);
    }
  }

  /** As {@link open}, and says hello. */
  static async ready(url: string, parts: UpgradeParts): Promise<RawWebSocket> {
    const it = await RawWebSocket.open(url, parts);
    it.say({ type: 'hello' });
    await it.socket.until(() => it.text.includes('connection_ready'), 'connection_ready');
    return it;
  }

  /** Frames that the server has sent whole. */
  get frames(): readonly ServerFrame[] {
    const { bytes } = this.socket;
    return readFrames(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4));
  }

  get text(): string {
    return this.frames.map(({ opcode, payload }) => (opcode === 1 ? payload.toString() : '')).join('\n');
  }

  say(value: unknown): void {
    this.send(1, JSON.stringify(value));
  }

  send(opcode: number, payload: string | Uint8Array = '', parts: FrameParts = {}): void {
    this.socket.write(frame(opcode, payload, parts));
  }

  /** Waits for the close frame of the server, answers it, and waits for the end. Answers its code; 1006 where none came. */
  async closeCode(): Promise<number> {
    const closing = (): ServerFrame | undefined => this.frames.find(({ opcode }) => opcode === 8);
    await this.socket.until(() => closing() !== undefined || !this.socket.isOpen, 'the close');
    const payload = closing()?.payload;
    if (payload === undefined || payload.length < 2) return 1006;
    this.send(8, payload.subarray(0, 2));
    await this.socket.cutOff();
    return payload.readUInt16BE(0);
  }

  [Symbol.dispose](): void {
    this.socket[Symbol.dispose]();
  }
}
