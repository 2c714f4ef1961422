import type { Client, ClientOptions, SocketLike, WebSocketConstructor } from '@ws/client';
import { createClient } from '@ws/client';
import { parseClientFrame, type ClientFrame, type ConnectionReadyFrame, type EventInput } from '@ws/types';
import { onTestFinished } from 'vitest';

/** A server that says what the test tells it to, at once: for states and amounts that a real one does not give on demand. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly said: ClientFrame[] = [];
  /** Laid over each `connection_ready`. */
  ready: Partial<ConnectionReadyFrame> = {};
  #offset = 0;

  get WebSocket(): WebSocketConstructor {
    const opened = (socket: ScriptedSocket): void => {
      this.sockets.push(socket);
      queueMicrotask(() => socket.onopen?.({}));
    };
    const heard = (socket: ScriptedSocket, frame: ClientFrame): void => this.#heard(socket, frame);
    return class extends ScriptedSocket {
      constructor() {
        super(opened, heard);
      }
    };
  }

  options(more: Partial<ClientOptions> = {}): ClientOptions {
    return { url: 'ws://server.test/ws', WebSocket: this.WebSocket, transports: ['websocket'], ...more };
  }

  /** A client that is connected. */
  async client(more: Partial<ClientOptions> = {}): Promise<Client> {
    const client = createClient(this.options(more));
    client.on('error', () => undefined);
    onTestFinished(() => client.close());
    client.connect();
    await settled();
    return client;
  }

  /** Sends a frame as it is. */
  send(frame: object): void {
    this.#socket.onmessage?.({ data: JSON.stringify(frame) });
  }

  /** Sends an event of the stream. */
  emit({ event_id, ...event }: EventInput): void {
    this.#offset += 1;
    const offset = this.#offset;
    this.send({ ...event, offset, event_id: event_id ?? `e${offset}`, timestamp: offset });
  }

  /** Breaks the connection, or closes it with a code. */
  close(code = 1006): void {
    this.#socket.onclose?.({ code });
  }

  /** A new epoch: what was before is void. */
  loseLog(): void {
    this.#offset = 0;
    this.ready = { ...this.ready, epoch: 'e2', recovery: 'reset' };
  }

  get #socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('nobody connected yet');
    return socket;
  }

  #heard(socket: ScriptedSocket, frame: ClientFrame): void {
    this.said.push(frame);
    if (frame.type !== 'hello') return;
    const ready: ConnectionReadyFrame = {
      type: 'connection_ready',
      connection_id: 'c1',
      user_id: 'u1',
      mode: 'unified',
      epoch: 'e1',
      offset: this.#offset,
      oldest_offset: 1,
      head_offset: this.#offset,
      recovery: frame.from === undefined ? 'new' : 'resumed',
      heartbeat_ms: 25_000,
      max_message_bytes: 65_536,
      open_runs: [],
      ...this.ready,
    };
    socket.onmessage?.({ data: JSON.stringify(ready) });
  }
}

class ScriptedSocket implements SocketLike {
  onopen: ((event: object) => unknown) | null = null;
  onmessage: ((event: { readonly data: string }) => unknown) | null = null;
  onerror: ((event: object) => unknown) | null = null;
  onclose: ((event: { readonly code: number }) => unknown) | null = null;
  isClosed = false;
  readonly #heard: (socket: ScriptedSocket, frame: ClientFrame) => void;

  constructor(opened: (socket: ScriptedSocket) => void, heard: (socket: ScriptedSocket, frame: ClientFrame) => void) {
    this.#heard = heard;
    opened(this);
  }

  send(text: string): void {
    const frame = parseClientFrame(text);
    if (!frame.ok) throw new Error(`the client sent ${text}: ${frame.message}`);
    this.#heard(this, frame.value);
  }

  close(): void {
    this.isClosed = true;
  }
}

/** Lets everything run that only waits for promises. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 32; turn += 1) await Promise.resolve();
}
