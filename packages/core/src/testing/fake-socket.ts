import { parseServerMessage, type WireFrame } from '@ws/types';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import type { FrameGroup } from '../stream/frame.ts';
import type { Session } from '../connection/session.ts';

/** A socket in memory: what the server sent, decoded and checked against the schemas, and a wire that can be stalled. */
export class FakeSocket implements ConnectionSocket {
  readonly messages: string[] = [];
  readonly frames: WireFrame[] = [];
  /** Calls of `send`: writes, in the terms of a real socket. */
  writes = 0;
  pings = 0;
  closedWith: { readonly code: number; readonly reason: string } | undefined;
  bufferedBytes = 0;
  #stalled = false;
  #session: Session | undefined;

  /** Connects the socket to the session that takes it. */
  static open(accept: (socket: FakeSocket) => Session): FakeSocket {
    const socket = new FakeSocket();
    socket.#session = accept(socket);
    return socket;
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error('the socket was not opened');
    return this.#session;
  }

  /** The client sends a frame. */
  say(frame: object): void {
    this.session.receive(JSON.stringify(frame));
  }

  /** From now on nothing leaves the machine: bytes pile up. */
  stall(): void {
    this.#stalled = true;
  }

  /** The peer reads again: everything leaves. */
  unstall(): void {
    this.#stalled = false;
    this.bufferedBytes = 0;
    this.session.drained();
  }

  /** The network goes away. */
  cut(): void {
    this.session.closed();
  }

  send(groups: readonly FrameGroup[]): void {
    this.writes += 1;
    for (const { text } of groups.flatMap((group) => group.frames)) {
      this.messages.push(text);
      if (this.#stalled) this.bufferedBytes += Buffer.byteLength(text);
      for (const parsed of parseServerMessage(text)) {
        if (!parsed.ok) throw new Error(`the server sent a bad frame: ${parsed.message}: ${text}`);
        this.frames.push(parsed.value);
      }
    }
  }

  ping(): void {
    this.pings += 1;
  }

  close(code: number, reason: string): void {
    this.closedWith = { code, reason };
  }

  terminate(): void {
    this.closedWith ??= { code: 1006, reason: 'terminated' };
  }
}
