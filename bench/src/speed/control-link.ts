import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onJsonLines } from '../json-lines.ts';
import type { Answer, Command, Request, Usage } from '../targets/control-messages.ts';

/** Asks a target to do something, and waits for its answer. */
export class ControlLink {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, { resolve: (usage: Usage) => void; reject: (error: Error) => void }>();
  #asked = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#fail('the server under test ended'));
    onJsonLines<Answer>(socket, ({ id, usage, error }) => {
      const waiter = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiter?.resolve(usage);
      else waiter?.reject(new Error(`the server under test failed: ${error}`));
    });
  }

  static async open(port: number): Promise<ControlLink> {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return new ControlLink(socket);
  }

  /** Rejects if the target fails at it, or ends. */
  ask(command: Command): Promise<Usage> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the server under test has ended'));
      this.#asked += 1;
      this.#waiting.set(this.#asked, { resolve, reject });
      const request: Request = { id: this.#asked, command };
      this.#socket.write(`${JSON.stringify(request)}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #fail(message: string): void {
    for (const { reject } of this.#waiting.values()) reject(new Error(message));
    this.#waiting.clear();
  }
}
