import { setTimeout as wait } from 'node:timers/promises';
import type { Hub } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import type { RequestsInTurn } from './http/requests-in-turn.ts';
import type { WebEndpoint } from './websocket/web-endpoint.ts';
import type { WebSocketEndpoint } from './websocket/websocket-endpoint.ts';

/** Time clients have to answer the closing handshake, and requests under way to be answered where the drain has left less. */
const CLOSE_GRACE_MS = 1_000;

export interface ShutDownParts {
  readonly hub: Hub;
  readonly apps: readonly FastifyInstance[];
  readonly requests: RequestsInTurn;
  readonly webSocket: WebSocketEndpoint;
  readonly webEndpoint: WebEndpoint;
}

/** The order in which the service goes away: the hub drains, requests are answered, what is left is cut off, the log is closed. */
export class ShutDown {
  readonly #parts: ShutDownParts;
  readonly #hurry = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: ShutDownParts) {
    this.#parts = parts;
  }

  /** Drains within the deadline and closes everything. A second call hurries the first; both resolve when nothing is left open. */
  start(deadlineMs: number): Promise<void> {
    if (this.#running !== undefined) {
      this.#hurry.abort();
      void this.#parts.hub.drain();
    }
    this.#running ??= this.#run(deadlineMs);
    return this.#running;
  }

  async #run(deadlineMs: number): Promise<void> {
    const { hub, apps, requests, webSocket, webEndpoint } = this.#parts;
    const deadline = performance.now() + deadlineMs;
    await hub.drain({ deadlineMs });
    // The server counts the sockets of one acceptor alone.
    const closed = Promise.all([...apps.map(async (app) => app.close()), requests.close(), webEndpoint.closed()]);
    await this.#orAfter(CLOSE_GRACE_MS, closed);
    webSocket.cutOff();
    webEndpoint.cutOff();
    await this.#orAfter(deadline - performance.now(), closed);
    for (const app of apps) app.server.closeAllConnections();
    await closed;
    this.#hurry.abort();
    await hub.close();
  }

  async #orAfter(ms: number, closed: Promise<unknown>): Promise<void> {
    await Promise.race([
      closed,
      wait(Math.max(0, ms), undefined, { signal: this.#hurry.signal }).catch(() => undefined),
    ]);
  }
}
