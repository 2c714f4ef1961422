import { BlockList, type Server } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import { AddressCount } from './address-count.ts';
import { CONNECTIONS_PER_ADDRESS } from './address-limit.ts';

export interface SocketLimitOptions {
  /** Open sockets, WebSockets among them; further ones are closed at once. */
  readonly sockets: number;
  /** Connections (WebSockets, event streams) that an address may have. Absent: as for these. */
  readonly connectionsPerAddress: number | undefined;
  /** Proxies have the sockets of all their clients. */
  readonly trustedProxies: readonly string[];
  /** Called with which limit was reached. */
  readonly onRefused: (limit: 'sockets' | 'sockets_per_address') => void;
}

/** Sockets for other requests that an address may have, however few connections it may have. */
const HTTP_SOCKETS = 100;

/**
 * Holds the service to so many sockets, and each address, whatever is said on them: twice its connections and a hundred. Before a
 * request has come there is nothing else to go by, and one machine could take every socket of the service, again and again. Where there are
 * few sockets, a public address has half of them at most.
 */
export function limitSockets(server: Server, options: SocketLimitOptions): void {
  const { sockets, connectionsPerAddress, trustedProxies, onRefused } = options;
  const isTrusted = proxyAddr.compile([...trustedProxies]);
  const count = new AddressCount((isPublic) => {
    const connections = connectionsPerAddress ?? (isPublic ? CONNECTIONS_PER_ADDRESS : Infinity);
    const most = 2 * connections + HTTP_SOCKETS;
    return isPublic ? Math.min(most, Math.ceil(sockets / 2)) : most;
  });
  let open = 0;
  const left = (): void => {
    open -= 1;
  };
  const refuses = (address: string | undefined): boolean => {
    if (open >= sockets) {
      onRefused('sockets');
      return true;
    }
    // A peer that is gone by now has no address.
    if (address === undefined || !count.isFull(address) || isTrusted(address, 0)) return false;
    onRefused('sockets_per_address');
    return true;
  };
  refuseBeforeSocket(server, new Refused(refuses));
  // What one acceptor drops by itself, before it is a socket here.
  server.maxConnections = sockets;
  server.on('drop', () => onRefused('sockets'));
  server.on('connection', (socket) => {
    const { remoteAddress } = socket;
    if (refuses(remoteAddress)) {
      socket.destroy();
      return;
    }
    open += 1;
    socket.on('close', left);
    if (remoteAddress !== undefined && !isTrusted(remoteAddress, 0)) count.enter(remoteAddress, socket);
  });
}

/** Asked by Node about each connection before there is a socket for it, which costs many times what a refusal does. */
class Refused extends BlockList {
  readonly #refuses: (address: string) => boolean;

  constructor(refuses: (address: string) => boolean) {
    super();
    this.#refuses = refuses;
  }

  override check(address: unknown): boolean {
    return typeof address === 'string' && this.#refuses(address);
  }
}

interface WithBlockList {
  blockList?: BlockList | undefined;
}

/**
 * Sets the `blockList` of a server: an option of `net.createServer` that `http.createServer` does not pass on. Where a version of Node
 * does not look for it there, the listener of `connection` refuses what it would have.
 */
function refuseBeforeSocket(server: Server & WithBlockList, list: BlockList): void {
  server.blockList = list;
}

/** What {@link limitSockets} has set: for the other sockets that listen for the server. */
export function blockListOf(server: Server & WithBlockList): BlockList | undefined {
  return server.blockList;
}
