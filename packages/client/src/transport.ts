/** How a client reaches the server. `sse`: events as Server-Sent Events, frames as HTTP requests. */
export type Transport = 'websocket' | 'sse';

/** Close code of a server that serves no event stream: WebSockets are all it has. */
export const NO_EVENT_STREAM = 4404;

/** Failures in a row after which WebSockets count as blocked. A server that restarts fails as well: where one was open before, it takes more. */
const BLOCKED_AFTER = 2;
const BLOCKED_AFTER_ONCE_OPEN = 5;

/** Decides how the next connection is made: over a WebSocket, or over HTTP where these are blocked and that is not. */
export class TransportChoice {
  #allowed: readonly Transport[];
  #failures = 0;
  #blockedAfter = BLOCKED_AFTER;
  #current: Transport;

  constructor(allowed: readonly Transport[]) {
    this.#allowed = allowed;
    this.#current = allowed[0] ?? 'websocket';
  }

  /** What the connection at hand uses. */
  get current(): Transport {
    return this.#current;
  }

  /** Picks for the next connection. While both fail they take turns. */
  next(): Transport {
    const blocked = this.#failures >= this.#blockedAfter && (this.#failures - this.#blockedAfter) % 2 === 0;
    const [first = 'websocket', second = first] = this.#allowed;
    return (this.#current = blocked ? second : first);
  }

  /** The connection at hand works, or was answered by the server. */
  opened(): void {
    if (this.#current === this.#allowed[0]) {
      this.#failures = 0;
      this.#blockedAfter = BLOCKED_AFTER_ONCE_OPEN;
    } else {
      // When it is lost the first way has another try, and but one: what blocked it may be gone, with the network or the server.
      this.#blockedAfter = BLOCKED_AFTER;
      this.#failures = this.#blockedAfter - 1;
    }
  }

  /** The connection at hand ended before it worked. */
  failed(): void {
    this.#failures += 1;
  }

  /** The server does not serve the transport at hand. Tells whether another one is left. */
  missing(): boolean {
    const rest = this.#allowed.filter((transport) => transport !== this.#current);
    if (rest.length > 0) this.#allowed = rest;
    return rest.length > 0;
  }
}
