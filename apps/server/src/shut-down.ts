import { setTimeout as wait } from 'node:timers/promises';
import type { Hub } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import type { WebSocketEndpoint } from './websocket/websocket-endpoint.ts';

/** Time peers have to answer the closing handshake. */
const CLOSE_GRACE_MS = 1_000;

/** The order in which the service goes away: the hub drains, HTTP ends, what is left is cut off, the log is closed. */
export class ShutDown {
  readonly #hub: Hub;
  readonly #app: FastifyInstance;
  readonly #webSocket: WebSocketEndpoint;
  readonly #hurry = new AbortController();
  #running: Promise<void> | undefined;

  constructor(hub: Hub, app: FastifyInstance, webSocket: WebSocketEndpoint) {
    this.#hub = hub;
    this.#app = app;
    this.#webSocket = webSocket;
  }

  /** Drains within the deadline and closes everything. A second call hurries the first; both resolve when nothing is left open. */
  start(deadlineMs: number): Promise<void> {
    if (this.#running !== undefined) {
      this.#hurry.abort();
      void this.#hub.drain();
    }
    this.#running ??= this.#run(deadlineMs);
    return this.#running;
  }

  async #run(deadlineMs: number): Promise<void> {
    const { signal } = this.#hurry;
    await this.#hub.drain({ deadlineMs });
    const closed = this.#app.close();
    await Promise.race([closed, wait(CLOSE_GRACE_MS, undefined, { signal }).catch(() => undefined)]);
    this.#webSocket.cutOff();
    await closed;
    this.#hurry.abort();
    await this.#hub.close();
  }
}
