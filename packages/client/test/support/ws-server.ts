import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { parseClientFrame, SUBPROTOCOL, type ClientFrame } from '@ws/types';
import { FakeServer } from './fake-server.ts';

/** The server in memory behind real sockets. */
export class WsServer {
  readonly log = new FakeServer();
  readonly sockets: WebSocket[] = [];
  /** Subprotocols that each upgrade offered. */
  readonly offered: readonly string[][];
  readonly said: ClientFrame[] = [];
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer, offered: string[][]) {
    this.#server = server;
    this.offered = offered;
    server.on('connection', (socket) => {
      this.sockets.push(socket);
      socket.on('message', (data) => this.#answer(socket, (data as Buffer).toString()));
    });
  }

  static async start(): Promise<WsServer> {
    const offered: string[][] = [];
    const handleProtocols = (protocols: Set<string>): string | false => {
      offered.push([...protocols]);
      return protocols.has(SUBPROTOCOL) ? SUBPROTOCOL : false;
    };
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols });
    await new Promise((resolve) => server.once('listening', resolve));
    const started = new WsServer(server, offered);
    onTestFinished(() => started.#stop());
    return started;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  /** Appends an event and sends it to whoever is there. */
  emit(type: string, payload: object): void {
    const event = this.log.append(type, payload, { run_id: 'r1' });
    for (const socket of this.sockets) if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
  }

  #answer(socket: WebSocket, text: string): void {
    const frame = parseClientFrame(text);
    if (!frame.ok) return socket.close(4500);
    this.said.push(frame.value);
    const send = (message: object): void => socket.send(JSON.stringify(message));
    switch (frame.value.type) {
      case 'hello': {
        const ready = this.log.answerTo(frame.value);
        send([ready, ...this.log.after(ready.offset)]);
        return;
      }
      case 'ping':
        return send({ type: 'pong', timestamp: Date.now() });
      case 'user_message':
        return send({ type: 'accepted', ref: frame.value.message_id, thread_id: 't1', run_id: 'r1' });
      case 'cancel_run':
      case 'tool_approval':
      case 'read_approval':
      case 'ack':
      case 'auth':
      case 'set_threads':
        return;
    }
  }

  #stop(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
