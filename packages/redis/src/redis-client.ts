/** What the log uses of a client made by `createClient` of the package `redis`, version 6. */
export interface RedisClientLike {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  sendCommand(args: readonly string[], options?: CommandOptions): Promise<unknown>;
  subscribe(channel: string, listener: MessageListener): Promise<void>;
  unsubscribe(channel: string, listener: MessageListener): Promise<void>;
  duplicate(): RedisClientLike;
  connect(): Promise<unknown>;
  close(): Promise<void>;
  destroy(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What the log uses of a client made by `createCluster` of the package `redis`, version 6. */
export interface RedisClusterLike {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  /** Tells a cluster's client from a server's. */
  readonly masters: readonly unknown[];
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean | undefined,
    args: string[],
    options?: CommandOptions,
  ): Promise<unknown>;
  subscribe(channel: string, listener: MessageListener): Promise<void>;
  unsubscribe(channel: string, listener: MessageListener): Promise<void>;
  sSubscribe(channel: string, listener: MessageListener): Promise<void>;
  sUnsubscribe(channel: string, listener: MessageListener): Promise<void>;
  connect(): Promise<unknown>;
  close(): Promise<void>;
  destroy(): void;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What the log uses of a client made by `createSentinel` of the package `redis`, version 6. */
export interface RedisSentinelLike {
  readonly isOpen: boolean;
  readonly isReady: boolean;
  /** Tells a Sentinel's client from the others. */
  acquire(): Promise<unknown>;
  duplicate(overrides: SentinelOverrides): RedisSentinelLike;
  sendCommand(isReadonly: boolean | undefined, args: string[], options?: CommandOptions): Promise<unknown>;
  subscribe(channel: string, listener: MessageListener): Promise<unknown>;
  unsubscribe(channel: string, listener: MessageListener): Promise<unknown>;
  connect(): Promise<unknown>;
  destroy(): Promise<void>;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What the log's own client has otherwise than the one it duplicates. */
export interface SentinelOverrides {
  readonly masterPoolSize: number;
  readonly replicaPoolSize: number;
  readonly reserveClient: boolean;
  readonly passthroughClientErrorEvents: boolean;
}

/** Called with each message of a channel: text, unless the client was told to hand out buffers. */
export type MessageListener = (message: string | Buffer) => void;

export interface CommandOptions {
  readonly abortSignal?: AbortSignal;
  readonly timeout?: number | undefined;
  readonly typeMapping?: Record<never, never>;
}

/** A client of any kind. */
export type AnyRedisClient = RedisClientLike | RedisClusterLike | RedisSentinelLike;

export function isCluster(client: AnyRedisClient): client is RedisClusterLike {
  return 'masters' in client;
}

export function isSentinel(client: AnyRedisClient): client is RedisSentinelLike {
  return 'acquire' in client;
}
