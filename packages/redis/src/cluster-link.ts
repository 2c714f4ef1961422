import type { MessageListener, RedisClusterLike } from './redis-client.ts';
import { SEND_OPTIONS, type LinkEvents, type RedisLink } from './redis-link.ts';

export interface ClusterLinkClient {
  readonly cluster: RedisClusterLike;
  /** Whether the link made the client and has to close it. */
  readonly own: boolean;
  /** Whether the servers know sharded messages (Redis 7), which only the shard of a stream hears of. */
  readonly sharded: boolean;
}

/** A link to a Redis Cluster. The client has a connection to each master, and makes those for messages by itself. */
export class ClusterLink implements RedisLink {
  readonly isCluster = true;
  readonly publish: 'plain' | 'sharded';
  readonly seesListeners = false;
  readonly #client: ClusterLinkClient;
  readonly #stopListening: () => void;

  constructor(client: ClusterLinkClient, { onReady, onFeedReady, onFault }: LinkEvents) {
    this.#client = client;
    this.publish = client.sharded ? 'sharded' : 'plain';
    const { cluster } = client;
    const ready = () => {
      onReady();
      onFeedReady();
    };
    const fault = (error: unknown) => onFault(error);
    const handlers = [
      ['node-ready', ready],
      ['node-error', fault],
      ['sharded-channel-moved-error', ready],
      ['error', fault],
    ] as const;
    for (const [event, handler] of handlers) cluster.on(event, handler);
    this.#stopListening = () => {
      for (const [event, handler] of handlers) cluster.off(event, handler);
      if (client.own) cluster.on('error', () => undefined);
    };
  }

  get isReady(): boolean {
    return this.#client.cluster.isReady;
  }

  async send(key: string, args: readonly string[]): Promise<unknown> {
    const { cluster } = this.#client;
    try {
      return await cluster.sendCommand(key, false, [...args], SEND_OPTIONS);
    } catch (error) {
      // The client looked at the cluster when no server had the slot of this key, and does not look again by itself. A command for any
      // server makes it do so: the server answers where the slot is by now.
      if (!(error instanceof TypeError)) throw error;
      return cluster.sendCommand(undefined, false, [...args], SEND_OPTIONS);
    }
  }

  subscribe(channel: string, listener: MessageListener): Promise<void> {
    const { cluster, sharded } = this.#client;
    return sharded ? cluster.sSubscribe(channel, listener) : cluster.subscribe(channel, listener);
  }

  unsubscribe(channel: string, listener: MessageListener): Promise<void> {
    const { cluster, sharded } = this.#client;
    return sharded ? cluster.sUnsubscribe(channel, listener) : cluster.unsubscribe(channel, listener);
  }

  close(): void {
    this.#stopListening();
    if (this.#client.own && this.#client.cluster.isOpen) this.#client.cluster.destroy();
  }
}
