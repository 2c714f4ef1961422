import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Happenings } from '../../support/happenings.ts';
import { within } from '../../support/within.ts';

/** How long the server may take to do what it has to. */
const PATIENCE_MS = 12_000;
/** Most of an answer that is kept: an attacker reads, it does not collect. */
const MAX_KEPT = 4 * 1_024 * 1_024;

/** A TCP connection that may send anything at all, in any order and at any speed. */
export class RawSocket implements Disposable {
  readonly #socket: Socket;
  readonly #ended: Promise<void>;
  readonly #happenings = new Happenings();
  #received = Buffer.alloc(0);
  #isOpen = true;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#ended = new Promise((resolve) => {
      socket.once('close', () => {
        this.#isOpen = false;
        resolve();
        this.#happenings.happened();
      });
    });
    // Being cut off is what these connections are for.
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      if (this.#received.length < MAX_KEPT) this.#received = Buffer.concat([this.#received, bytes]);
      this.#happenings.happened();
    });
  }

  /** @param from - the address of this machine that it comes from, where it has several */
  static async connect(url: string, from?: string): Promise<RawSocket> {
    const { hostname, port } = new URL(url);
    const options = { host: hostname, port: Number(port), noDelay: true };
    const socket = connect(from === undefined ? options : { ...options, localAddress: from });
    const raw = new RawSocket(socket);
    await within(PATIENCE_MS, 'the port answers', once(socket, 'connect'));
    return raw;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** All that the server has sent, byte for byte. */
  get bytes(): Buffer {
    return this.#received;
  }

  get text(): string {
    return this.#received.toString('latin1');
  }

  /** Statuses of the HTTP answers that have come. */
  get statuses(): readonly number[] {
    return [...this.text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  }

  /** Stops taking what the server sends. */
  stopReading(): void {
    this.#socket.pause();
  }

  write(data: string | Uint8Array): void {
    if (this.#isOpen) this.#socket.write(data);
  }

  /** Says that nothing more will come. */
  finish(): void {
    if (this.#isOpen) this.#socket.end();
  }

  lines(...lines: readonly string[]): void {
    this.write([...lines, ''].join('\r\n'));
  }

  /** Sends `data` again and again, as fast as it is taken, so many times or until it is cut off. Answers how often. */
  async flood(data: string | Uint8Array, times: number): Promise<number> {
    for (let sent = 0; sent < times; sent += 1) {
      if (!this.#isOpen) return sent;
      if (!this.#socket.write(data))
        await Promise.race([once(this.#socket, 'drain').catch(() => undefined), this.#ended]);
    }
    return times;
  }

  /** Sends one piece after the other, slowly, until it is cut off. The pauses are the attack. */
  async drip(pieces: Iterable<string | Uint8Array>, everyMs = 40): Promise<void> {
    for (const piece of pieces) {
      if (!this.#isOpen) return;
      this.write(piece);
      await pause(everyMs);
    }
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    await this.#happenings.until(condition, () => `${what}; so far ${this.text.slice(0, 2_000)}`, PATIENCE_MS);
  }

  /** Waits until the server has cut it off. Answers what it said before. */
  async cutOff(): Promise<string> {
    await within(PATIENCE_MS, () => `it is cut off; so far ${this.text.slice(0, 2_000)}`, this.#ended);
    return this.text;
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}
