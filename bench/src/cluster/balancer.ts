import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server behind a balancer. */
export interface Backend {
  readonly port: number;
}

export interface BalancerOptions {
  readonly backends: readonly Backend[];
  /** Port to listen on, 0 for a free one. @default 0 */
  readonly port?: number;
  /** How often backends are asked whether they are ready, in milliseconds. @default 500 */
  readonly checkMs?: number;
}

const HOST = '127.0.0.1';

interface Link {
  readonly client: Socket;
  readonly server: Socket;
}

/**
 * A TCP balancer as plain as they come: each connection goes to the next backend whose `/readyz` says yes, and stays there. It
 * knows no sessions and does not look at what it passes on.
 */
export class Balancer {
  readonly #backends: readonly Backend[];
  readonly #ready: Set<Backend>;
  readonly #links = new Set<Link>();
  readonly #server: Server;
  readonly #checks: NodeJS.Timeout;
  #turn = 0;

  private constructor({ backends, checkMs = 500 }: BalancerOptions) {
    this.#backends = backends;
    this.#ready = new Set(backends);
    // Half-open, so that the end of one direction does not cut off the other.
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => void this.#serve(client));
    this.#checks = setInterval(() => void this.check(), checkMs);
  }

  static async listen(options: BalancerOptions): Promise<Balancer> {
    const balancer = new Balancer(options);
    try {
      balancer.#server.listen(options.port ?? 0, HOST);
      await once(balancer.#server, 'listening');
      await balancer.check();
    } catch (error) {
      await balancer.close();
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
      throw isTaken
        ? new Error(`port ${options.port} is in use: stop the other program, or choose another port`)
        : error;
    }
    return balancer;
  }

  get port(): number {
    // It listens on TCP.
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  /** Open connections. */
  get connections(): number {
    return this.#links.size;
  }

  /** Asks every backend whether it takes connections. */
  async check(): Promise<void> {
    await Promise.all(
      this.#backends.map(async (backend) => {
        if (await isReady(backend)) this.#ready.add(backend);
        else this.#ready.delete(backend);
      }),
    );
  }

  /** Cuts the connections for which `choose` says so: a reset, as when a machine on the way is gone. Answers how many. */
  cut(choose: () => boolean): number {
    const chosen = [...this.#links].filter(choose);
    for (const { client, server } of chosen) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
    return chosen.length;
  }

  /** Nothing gets through on the connections for which `choose` says so, in either direction, and nobody is told. Answers how many. */
  stall(choose: () => boolean, ms: number): number {
    const chosen = [...this.#links].filter(choose);
    for (const { client, server } of chosen) {
      client.unpipe(server);
      server.unpipe(client);
      setTimeout(() => join(client, server), ms);
    }
    return chosen.length;
  }

  async close(): Promise<void> {
    clearInterval(this.#checks);
    if (this.#server.listening) this.#server.close();
    for (const { client, server } of this.#links) {
      client.destroy();
      server.destroy();
    }
  }

  async #serve(client: Socket): Promise<void> {
    client.on('error', () => client.destroy());
    const server = await this.#connect();
    if (server === undefined || client.destroyed) {
      client.destroy();
      server?.destroy();
      return;
    }
    const link = { client, server };
    this.#links.add(link);
    server.on('error', () => server.destroy());
    client.once('close', () => {
      this.#links.delete(link);
      server.destroySoon();
    });
    server.once('close', () => client.destroySoon());
    join(client, server);
  }

  /** The next backend that takes a connection; ready ones first, and without one whoever answers. */
  async #connect(): Promise<Socket | undefined> {
    this.#turn += 1;
    const order = this.#backends.map((_, index) => this.#backends[(this.#turn + index) % this.#backends.length]);
    const inTurn = order.filter((backend) => backend !== undefined);
    const ready = inTurn.filter((backend) => this.#ready.has(backend));
    for (const backend of [...ready, ...inTurn.filter((other) => !ready.includes(other))]) {
      const socket = connect({ port: backend.port, host: HOST, allowHalfOpen: true, noDelay: true });
      try {
        await once(socket, 'connect');
        return socket;
      } catch {
        socket.destroy();
        this.#ready.delete(backend);
      }
    }
    return undefined;
  }
}

function join(client: Socket, server: Socket): void {
  if (client.destroyed || server.destroyed) return;
  client.pipe(server);
  server.pipe(client);
}

async function isReady({ port }: Backend): Promise<boolean> {
  try {
    const answer = await fetch(`http://${HOST}:${port}/readyz`, { signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
