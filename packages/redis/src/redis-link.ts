import type { MessageListener } from './redis-client.ts';

/** The two ways to a Redis: commands, and messages of channels. One server or a cluster, the log need not know. */
export interface RedisLink {
  /** Whether a command could be sent now. */
  readonly isReady: boolean;
  /** Whether a script reaches the keys of one hash slot alone. */
  readonly isCluster: boolean;
  /** How scripts are to publish. */
  readonly publish: 'plain' | 'sharded';
  /** Whether the server that takes the commands knows of everybody who listens on a channel. */
  readonly seesListeners: boolean;
  /** Sends a command now, to the server that holds `key`. */
  send(key: string, args: readonly string[]): Promise<unknown>;
  subscribe(channel: string, listener: MessageListener): Promise<void>;
  unsubscribe(channel: string, listener: MessageListener): Promise<void>;
  /** Lets go at once of the connections that are its own. */
  close(): void;
}

/** What a link tells of its connections. */
export interface LinkEvents {
  /** Commands can be sent, for the first time or again: the server may be another one than before. */
  readonly onReady: () => void;
  /** Subscriptions are in place, for the first time or again: messages may have been missed. */
  readonly onFeedReady: () => void;
  /** A connection was lost or could not be made. */
  readonly onFault: (fault: unknown) => void;
}

/** Sent with every command: answers as they come, and no timer for each, because the log has one of its own for all. */
export const SEND_OPTIONS = { timeout: undefined, typeMapping: {} };
