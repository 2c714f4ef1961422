import type { SocketLike, WebSocketConstructor } from '@ws/client';

/** What the browser says of a connection that broke without a word. */
const BROKEN = 1006;

/**
 * A network that can be unplugged: its sockets are real ones, until {@link CuttableNetwork.cut}. Then the live one falls silent
 * at once and each new one fails, until {@link CuttableNetwork.restore}. To the client it looks like a network that is gone.
 */
export class CuttableNetwork {
  readonly #onMessage: (data: unknown) => void;
  readonly #live = new Set<CuttableSocket>();
  #isCut = false;
  /** Ends the requests that are under way when the network is cut. */
  #requests = new AbortController();

  /** @param onMessage Called with each message before the client sees it. */
  constructor(onMessage: (data: unknown) => void) {
    this.#onMessage = onMessage;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** To be given to the client as its class of WebSockets. */
  get WebSocket(): WebSocketConstructor {
    const network = this as CuttableNetwork;
    return class extends CuttableSocket {
      constructor(url: string, protocols: string[]) {
        super(network, url, protocols);
      }
    };
  }

  /** To be given to the client for its requests, where it has to do without WebSockets. */
  readonly fetch: typeof fetch = async (input, init) => {
    if (this.#isCut) throw new TypeError('the network is unplugged');
    const signals = [this.#requests.signal, ...(init?.signal ? [init.signal] : [])];
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };

  cut(): void {
    this.#isCut = true;
    this.#requests.abort();
    this.#requests = new AbortController();
    for (const socket of [...this.#live]) socket.break();
  }

  restore(): void {
    this.#isCut = false;
  }

  /** Sends a text beside those of the client; does nothing where no socket is open. */
  send(text: string): void {
    for (const socket of this.#live) if (socket.isOpen) socket.send(text);
  }

  opened(socket: CuttableSocket): void {
    this.#live.add(socket);
  }

  ended(socket: CuttableSocket): void {
    this.#live.delete(socket);
  }

  message(data: unknown): void {
    this.#onMessage(data);
  }
}

class CuttableSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: SocketLike['onmessage'] = null;
  onerror: SocketLike['onerror'] = null;
  onclose: SocketLike['onclose'] = null;
  readonly #network: CuttableNetwork;
  #socket: WebSocket | null = null;

  constructor(network: CuttableNetwork, url: string, protocols: string[]) {
    this.#network = network;
    if (network.isCut) {
      queueMicrotask(() => this.#closed(BROKEN));
      return;
    }
    const socket = new WebSocket(url, protocols);
    this.#socket = socket;
    network.opened(this);
    socket.onopen = (event) => this.onopen?.(event as never);
    socket.onerror = (event) => this.onerror?.(event as never);
    socket.onclose = ({ code }) => this.#closed(code);
    socket.onmessage = (event: MessageEvent<unknown>) => {
      network.message(event.data);
      this.onmessage?.(event as never);
    };
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  send(data: string): void {
    this.#socket?.send(data);
  }

  close(code?: number, reason?: string): void {
    this.#network.ended(this);
    this.#socket?.close(code, reason);
  }

  /** The network is gone: nothing more arrives, and no close frame says so. */
  break(): void {
    const socket = this.#socket;
    if (socket === null) return;
    socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
    // A page can't drop a connection: this is as close as it gets.
    socket.close();
    this.#closed(BROKEN);
  }

  #closed(code: number): void {
    this.#socket = null;
    this.#network.ended(this);
    this.onclose?.({ code } as never);
  }
}
