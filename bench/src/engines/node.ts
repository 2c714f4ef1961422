import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of the comparison within this process: what it emits reaches the clients of all nodes of its engine. */
export interface BenchNode {
  readonly port: number;
  /** Emits `n` to a user. */
  emit(userId: string, n: number): unknown;
  close(): Promise<void>;
}

/** A connection of a user. */
export interface BenchClient {
  /** Resolves when `n` has arrived. Asked for one at a time. */
  arrived(n: number): Promise<void>;
  close(): void;
}

/** An HTTP server on a free port of this machine. */
export async function listen(
  server: Server = createServer(),
): Promise<{ readonly server: Server; readonly port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server has an address with a port.
  return { server, port: (server.address() as AddressInfo).port };
}

/** Who waits for which number. */
export class Arrivals {
  #newest = -1;
  #waiting: { readonly n: number; readonly resolve: () => void } | undefined;

  note(n: number): void {
    this.#newest = n;
    if (this.#waiting === undefined || this.#waiting.n > n) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }

  wait(n: number): Promise<void> {
    if (this.#newest >= n) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting = { n, resolve };
    });
  }
}
