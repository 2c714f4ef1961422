/** What the client needs of a WebSocket: browsers, Node and the `ws` package all have it. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** The answer to what was sent is not awaited any more: where each frame is a request of its own, the next one has its turn. */
  giveUp?(data: string): void;
  onopen: ((event: never) => unknown) | null;
  onmessage: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
}

/** A class of WebSockets. */
export type WebSocketConstructor = new (url: string, protocols: string[]) => SocketLike;
