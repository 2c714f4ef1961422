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
  readonly publish = 'plain';
  readonly seesListeners = true;
  readonly #sentinel: RedisSentinelLike;
  readonly #events: LinkEvents;
  readonly #stopListening: () => void;
  /** A connection was lost, and nothing was answered since. */
  #isSuspect = false;

  constructor(sentinel: RedisSentinelLike, events: LinkEvents) {
    this.#sentinel = sentinel;
    this.#events = events;
    const handlers = [
      ['ready', () => this.#back()],
      ['error', (error: unknown) => this.#lost(error)],
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
    const answer = await this.#sentinel.sendCommand(false, [...args], SEND_OPTIONS);
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

  #lost(error: unknown): void {
    this.#isSuspect = true;
    this.#events.onFault(error);
  }

  #back(): void {
    this.#isSuspect = false;
    this.#events.onReady();
    this.#events.onFeedReady();
  }
}
