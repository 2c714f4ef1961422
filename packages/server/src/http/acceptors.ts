import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { blockListOf } from '../limits/socket-limit.ts';

/** Sockets that listen on one port. */
const ACCEPTORS = 8;

/**
 * Connections that may wait to be accepted; the system may allow fewer (`net.core.somaxconn`). After a restart all clients come back
 * within a second, and one that finds no place is tried again by its system after 1, 3, 7 and 15 seconds: far too late.
 */
const BACKLOG = 4_096;

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface PortOptions extends Address {
  readonly backlog: number;
  readonly reusePort: boolean;
}

/** How the server itself is to listen, so that others can listen beside it. */
export function portOptions({ host, port }: Address): PortOptions {
  return { host, port, backlog: BACKLOG, reusePort: sharesPort() };
}

/**
 * More sockets that listen on the port of a server, whose connections become its own. Each socket that listens is handed one
 * connection in a turn of the event loop (libuv 1.52, `uv__server_io`). In a turn that takes milliseconds, because there is much to
 * do, a single one would let clients that come back after a restart wait for seconds.
 *
 * Workers need none: their parent accepts, and does nothing else. Nor do systems where a port can't be shared.
 */
export class Acceptors {
  readonly #server: Server;
  #acceptors: readonly Server[] = [];

  constructor(server: Server) {
    this.#server = server;
  }

  async listen(address: Address): Promise<void> {
    if (!sharesPort()) return;
    this.#acceptors = Array.from({ length: ACCEPTORS - 1 }, () => acceptorFor(this.#server));
    for (const acceptor of this.#acceptors) acceptor.listen(portOptions(address));
    await Promise.all(this.#acceptors.map((acceptor) => once(acceptor, 'listening')));
  }

  /** Listens on another address as well, where the machine has it and the port is free there. */
  async listenAlso({ host, port }: Address): Promise<void> {
    const acceptor = acceptorFor(this.#server);
    acceptor.listen({ host, port, backlog: BACKLOG });
    try {
      await once(acceptor, 'listening');
    } catch {
      // Clients find the service at its first address.
      return;
    }
    this.#acceptors = [...this.#acceptors, acceptor];
  }

  /** Takes no more connections. Those that are there are the server's to end. */
  close(): void {
    for (const acceptor of this.#acceptors) acceptor.close();
  }
}

/**
 * Fails with `EADDRINUSE` if somebody listens there: the system lets a second server of the same person share the port unasked.
 * It listens there itself for a moment: a peer that comes just then is cut, as one that comes a moment earlier is refused.
 */
export async function assertPortIsFree({ host, port }: Address): Promise<void> {
  if (!sharesPort() || port === 0) return;
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

function acceptorFor(server: Server): Server {
  const blockList = blockListOf(server);
  const options = { noDelay: true, ...(blockList === undefined ? {} : { blockList }) };
  const acceptor = createServer(options, (socket) => server.emit('connection', socket));
  acceptor.maxConnections = server.maxConnections;
  acceptor.on('drop', (data) => server.emit('drop', data));
  return acceptor;
}

function sharesPort(): boolean {
  return process.platform === 'linux' && !cluster.isWorker;
}
