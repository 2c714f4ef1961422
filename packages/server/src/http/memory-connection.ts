import type { Server } from 'node:http';
import { duplexPair, type Duplex } from 'node:stream';

export interface MemoryConnectionOptions {
  /** Address of the client. */
  readonly address: string | undefined;
  /** Whether the server takes the connection for one of TLS. @default false */
  readonly isEncrypted?: boolean;
  /** Called whenever bytes arrive at either end. */
  readonly onBytes?: () => void;
}

/** Connects to an HTTP server that does not listen, and returns the end of the client. */
export function connectInMemory(server: Server, options: MemoryConnectionOptions): Duplex {
  const { address, isEncrypted = false, onBytes } = options;
  const [near, far] = duplexPair();
  let bytesRead = 0;
  let bytesWritten = 0;
  onArrival(far, (bytes) => {
    bytesRead += bytes;
    onBytes?.();
  });
  onArrival(near, (bytes) => {
    bytesWritten += bytes;
    onBytes?.();
  });
  // Each side ends with the other, as those of a network do; what was written before the end is still read.
  near.once('close', () => far.destroy());
  far.once('close', () => {
    if (!far.writableFinished) near.destroy(new Error('the server has cut off the connection'));
  });
  // The request or its answer tells of it.
  near.on('error', () => undefined);
  // What the server asks of a socket: who its peer is, whether it speaks TLS, and how much went over it.
  const socket = Object.assign(far, {
    remoteAddress: address,
    ...(isEncrypted ? { encrypted: true } : {}),
    // What is written is handed over when the process gets to it.
    destroySoon: () => far.end(() => far.destroy()),
  });
  Object.defineProperties(socket, {
    bytesRead: { get: () => bytesRead },
    bytesWritten: { get: () => bytesWritten },
  });
  server.emit('connection', socket);
  return near;
}

/** The connections in memory of a server, which it does not know of by itself: those that are left are cut off when it closes. */
export function trackConnections(server: Server): void {
  const open = new Set<Duplex>();
  server.on('connection', (socket: Duplex) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.closeAllConnections = () => {
    for (const socket of open) socket.destroy();
  };
}

/** Counts what arrives at one end: the other end hands it over by `push`. */
function onArrival(duplex: Duplex, arrived: (bytes: number) => void): void {
  const push = duplex.push.bind(duplex);
  duplex.push = (chunk: Uint8Array | null, encoding?: BufferEncoding) => {
    arrived(chunk?.length ?? 0);
    return push(chunk, encoding);
  };
}
