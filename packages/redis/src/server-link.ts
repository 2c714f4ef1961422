import type { MessageListener, RedisClientLike } from './redis-client.ts';
import { SEND_OPTIONS, type LinkEvents, type RedisLink } from './redis-link.ts';

export interface ServerLinkClients {
  readonly commands: RedisClientLike;
  readonly feed: RedisClientLike;
  /** Those of the two that the link made and has to close. */
  readonly own: readonly RedisClientLike[];
}

/** A link to one server: one connection for commands, one for messages. */
export class ServerLink implements RedisLink {
  readonly isCluster = false;
  readonly publish = 'plain';
  readonly seesListeners = true;
  readonly #clients: ServerLinkClients;
  readonly #stopListening: () => void;

  constructor(clients: ServerLinkClients, { onReady, onFeedReady, onFault }: LinkEvents) {
    this.#clients = clients;
    const { commands, feed } = clients;
    const handlers = [
      [commands, 'ready', onReady],
      [commands, 'error', onFault],
      [feed, 'ready', onFeedReady],
      [feed, 'error', onFault],
    ] as const;
    for (const [client, event, handler] of handlers) client.on(event, handler);
    this.#stopListening = () => {
      for (const [client, event, handler] of handlers) client.off(event, handler);
      // A connection that dies while it is closed is not news, and an error without a listener would end the process.
      for (const client of clients.own) client.on('error', () => undefined);
    };
  }

  get isReady(): boolean {
    return this.#clients.commands.isReady;
  }

  send(_key: string, args: readonly string[]): Promise<unknown> {
    return this.#clients.commands.sendCommand(args, SEND_OPTIONS);
  }

  subscribe(channel: string, listener: MessageListener): Promise<void> {
    return this.#clients.feed.subscribe(channel, listener);
  }

  unsubscribe(channel: string, listener: MessageListener): Promise<void> {
    return this.#clients.feed.unsubscribe(channel, listener);
  }

  close(): void {
    this.#stopListening();
    for (const client of this.#clients.own) if (client.isOpen) client.destroy();
  }
}
