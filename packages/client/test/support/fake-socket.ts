import type { SocketLike } from '../../src/socket.ts';

/** What the server's end of a socket does with what arrives. */
export interface FakePeer {
  opened(): void;
  received(text: string): void;
  closedByClient(code: number | undefined): void;
}

/** The client's end of a socket in memory. Opens when the code that made it is done; then everything arrives at once. */
export class FakeSocket implements SocketLike {
  onopen: ((event: never) => unknown) | null = null;
  onmessage: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  readonly url: string;
  readonly protocols: readonly string[];
  #state: 'connecting' | 'open' | 'closed' = 'connecting';
  readonly #peer: FakePeer;

  constructor(url: string, protocols: readonly string[], connect: (socket: FakeSocket) => FakePeer) {
    this.url = url;
    this.protocols = protocols;
    this.#peer = connect(this);
  }

  get open(): boolean {
    return this.#state === 'open';
  }

  send(data: string): void {
    if (this.#state === 'connecting') throw new Error('InvalidStateError');
    if (this.#state === 'open') this.#peer.received(data);
  }

  close(code?: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#peer.closedByClient(code);
  }

  /** Of the server: the handshake is done. */
  acceptedByServer(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#fire(this.onopen, {});
    this.#peer.opened();
  }

  /** Of the server: a message arrives. */
  deliver(data: unknown): void {
    if (this.#state === 'open') this.#fire(this.onmessage, { data });
  }

  /** Of the server or the network: the socket is closed. */
  closedByServer(code: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#fire(this.onclose, { code });
  }

  #fire(handler: ((event: never) => unknown) | null, event: object): void {
    handler?.(event as never);
  }
}
