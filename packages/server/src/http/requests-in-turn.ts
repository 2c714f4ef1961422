import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** Requests that a socket may have without an answer. No client sends so many without waiting; one more cuts the socket off. */
const MAX_UNANSWERED = 16;

/** The requests of one socket that have no answer yet. */
interface Line {
  /** The answer under way: that of the oldest request. */
  current: ServerResponse;
  /** Whether the answer under way has no end, as an event stream has none. */
  isEndless: boolean;
  readonly waiting: (() => void)[];
}

/**
 * Serves the requests of each socket one after another: a request is begun when the answer before it has been handed to the
 * operating system, so that a client which does not read has one answer in memory and one file open, however much it asks for.
 *
 * Node begins every request as soon as its headers are parsed, and stops reading only when queued answers pass the socket's
 * high-water mark: some 2,000 small requests later, after which it does not notice that the client is gone.
 */
export class RequestsInTurn {
  readonly #lines = new Map<Socket, Line>();
  /** Sockets that speak HTTP, with a request under way or without. */
  readonly #open = new Set<Socket>();
  readonly #onTooMany: () => void;
  #isClosing = false;
  #onAllClosed: () => void = () => undefined;

  /** @param onTooMany - called with each socket that is cut off */
  constructor(onTooMany: () => void) {
    this.#onTooMany = onTooMany;
  }

  /** What a server calls with each request, in place of `listener`. */
  inTurn(listener: RequestListener): RequestListener {
    return (request, response) => {
      const { socket } = request;
      // What the parser still finds in a chunk of bytes after the socket was cut off.
      if (socket.destroyed) return;
      const line = this.#lines.get(socket);
      if (line === undefined) {
        const first: Line = { current: response, isEndless: false, waiting: [] };
        this.#lines.set(socket, first);
        this.#begin(first, socket, response, () => listener(request, response));
      } else if (line.isEndless || line.waiting.length + 1 >= MAX_UNANSWERED) {
        this.#cutOff(socket);
      } else {
        line.waiting.push(() => this.#begin(line, socket, response, () => listener(request, response)));
      }
    };
  }

  /** Looks at the sockets of a server: which of them are open, and that none is upgraded behind a request without an answer. */
  follow(server: Server): void {
    const gone = (socket: Socket): void => this.#gone(socket);
    const closed = function (this: Socket): void {
      gone(this);
    };
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.on('close', closed);
    });
    server.prependListener('upgrade', ({ socket }: IncomingMessage) => {
      this.refusesUpgrade(socket);
      gone(socket);
    });
    // Called when the server closes. Node's own takes an answer for sent when it was handed over, and cuts it.
    server.closeIdleConnections = () => this.#closeIdle();
  }

  /** Cuts off a socket that is upgraded behind a request without an answer: the handshake would be written into that answer. */
  refusesUpgrade(socket: Socket): boolean {
    const isBehind = this.#lines.has(socket);
    if (isBehind) this.#cutOff(socket);
    return isBehind;
  }

  /** The answer to `request` will have no end. What waits behind it, or comes later, cuts the socket off. */
  hasNoEnd({ socket }: IncomingMessage): void {
    const line = this.#lines.get(socket);
    if (line === undefined) return;
    line.isEndless = true;
    if (line.waiting.length > 0) this.#cutOff(socket);
  }

  /** Closes each socket as soon as the answers it waits for have been written. Resolves when none is open. */
  async close(): Promise<void> {
    this.#isClosing = true;
    this.#closeIdle();
    for (const { current, waiting } of this.#lines.values()) if (waiting.length === 0) sayItIsTheLast(current);
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#onAllClosed = resolve));
  }

  #closeIdle(): void {
    // Not at once: the body of a request that was answered may still come.
    for (const socket of this.#open) if (!this.#lines.has(socket)) socket.destroySoon();
  }

  #gone(socket: Socket): void {
    this.#open.delete(socket);
    if (this.#open.size === 0) this.#onAllClosed();
  }

  #begin(line: Line, socket: Socket, response: ServerResponse, serve: () => void): void {
    line.current = response;
    response.once('close', () => this.#next(line, socket));
    if (this.#isClosing && line.waiting.length === 0) sayItIsTheLast(response);
    serve();
  }

  #next(line: Line, socket: Socket): void {
    const begin = socket.destroyed ? undefined : line.waiting.shift();
    if (begin !== undefined) return begin();
    this.#lines.delete(socket);
    // The answer may have begun before, and promised to keep the connection.
    if (this.#isClosing) socket.destroySoon();
  }

  #cutOff(socket: Socket): void {
    this.#onTooMany();
    socket.destroy();
  }
}

/** Node says `Connection: close` in the answer, and closes the socket behind it. */
function sayItIsTheLast(response: ServerResponse): void {
  if (!response.headersSent) response.shouldKeepAlive = false;
}
