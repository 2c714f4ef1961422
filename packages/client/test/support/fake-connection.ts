import { parseClientFrame, type ClientFrame } from '@ws/types';
import type { FakePeer, FakeSocket } from './fake-socket.ts';

type FrameOf<Type> = Extract<ClientFrame, { type: Type }>;

/** The server's end of a socket: what the client said, and what the test says to it. */
export class FakeConnection implements FakePeer {
  readonly socket: FakeSocket;
  readonly said: ClientFrame[] = [];
  /** The same, as it came. */
  readonly texts: string[] = [];
  /** The code the client closed with; `null` while it has not. */
  closedWith: number | undefined | null = null;
  readonly #answer: (connection: FakeConnection, frame: ClientFrame) => void;

  constructor(socket: FakeSocket, answer: (connection: FakeConnection, frame: ClientFrame) => void) {
    this.socket = socket;
    this.#answer = answer;
  }

  /** Frames of one type, in order. */
  frames<Type extends ClientFrame['type']>(type: Type): FrameOf<Type>[] {
    return this.said.filter((frame): frame is FrameOf<Type> => frame.type === type);
  }

  /** Sends one message: a frame, or an array of them. */
  send(message: object): void {
    this.socket.deliver(JSON.stringify(message));
  }

  close(code: number): void {
    this.socket.closedByServer(code);
  }

  opened(): void {}

  received(text: string): void {
    const frame = parseClientFrame(text);
    if (!frame.ok) throw new Error(`the client sent ${text}: ${frame.message}`);
    this.texts.push(text);
    this.said.push(frame.value);
    this.#answer(this, frame.value);
  }

  closedByClient(code: number | undefined): void {
    this.closedWith = code;
  }
}
