import { setMaxListeners } from 'node:events';
import type { MessageListener, RedisSentinelLike, SentinelOverrides } from './redis-client.ts';
import { SEND_OPTIONS, type LinkEvents, type RedisLink } from './redis-link.ts';

/**
 * One connection for commands, so that they are sent as they come and answered in that order; and errors of connections are told,
 * which is the only sign that one was lost.
 */
export const OVERRIDES: SentinelOverrides = {
  masterPoolSize: 1,
  replicaPoolSize: 0,
  reserveClient: true,
  passthroughClientErrorEvents: true,
};

/**
 * A link to the master that Sentinels watch, over a client of the link's own. It follows a failover by itself, and tells of it; of
 * a connection to the same master that was lost and made again it tells the loss alone.
 */
export class SentinelLink implements RedisLink {
  readonly isCluster = false;
  readonly publish = 'plain';
  readonly seesListeners = true;
  readonly #sentinel: RedisSentinelLike;
  readonly #events: LinkEvents;
  readonly #stopListening: () => void;
  /** A connection was lost, and nothing was answered since. */
  #isSuspect = false;
  /**
   * Aborted with the connection. The client sends again what a lost connection did not answer, to another master, too; but a command
   * counts on what was known of the server that it was meant for.
   */
  #sending = abortable();

  constructor(sentinel: RedisSentinelLike, events: LinkEvents) {
    this.#sentinel = sentinel;
    this.#events = events;
    const handlers = [
      ['ready', () => this.#back()],
      ['error', (error: unknown) => this.#failed(error)],
    ] as const;
    for (const [event, handler] of handlers) sentinel.on(event, handler);
    this.#stopListening = () => {
      for (const [event, handler] of handlers) sentinel.off(event, handler);
      sentinel.on('error', () => undefined);
    };
  }

  get isReady(): boolean {
    return this.#sentinel.isReady;
  }

  async send(_key: string, args: readonly string[]): Promise<unknown> {
    const options = { ...SEND_OPTIONS, abortSignal: this.#sending.signal };
    const answer = await this.#sentinel.sendCommand(false, [...args], options);
    if (this.#isSuspect) this.#back();
    return answer;
  }

  async subscribe(channel: string, listener: MessageListener): Promise<void> {
    await this.#sentinel.subscribe(channel, listener);
  }

  async unsubscribe(channel: string, listener: MessageListener): Promise<void> {
    await this.#sentinel.unsubscribe(channel, listener);
  }

  close(): void {
    this.#stopListening();
    if (this.#sentinel.isOpen) this.#sentinel.destroy().catch(() => undefined);
  }

  #failed(error: unknown): void {
    // A replica or a Sentinel that is away is nothing to a command.
    if (error instanceof Error && /^(Replica|Sentinel) Client\b/.test(error.message)) return;
    this.#isSuspect = true;
    this.#startOver();
    this.#events.onFault(error);
  }

  #back(): void {
    this.#isSuspect = false;
    this.#startOver();
    this.#events.onReady();
    this.#events.onFeedReady();
  }

  #startOver(): void {
    this.#sending.abort();
    this.#sending = abortable();
  }
}

/** Each command that waits to be written listens to it, and a thousand may. */
function abortable(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}
