import { setTimeout as wait } from 'node:timers/promises';
import { createClient, createCluster } from 'redis';
import { ClusterLink } from './cluster-link.ts';
import type { ResolvedOptions } from './options.ts';
import {
  isCluster,
  isSentinel,
  type AnyRedisClient,
  type RedisClientLike,
  type RedisClusterLike,
  type RedisSentinelLike,
} from './redis-client.ts';
import type { LinkEvents, RedisLink } from './redis-link.ts';
import { readServerFacts } from './server-facts.ts';
import { OVERRIDES, SentinelLink } from './sentinel-link.ts';
import { ServerLink } from './server-link.ts';

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** Version from which a cluster knows sharded messages. */
const SHARDED_SINCE = 7;

export interface OpenLinkOptions extends Pick<ResolvedOptions, 'commandTimeoutMs'> {
  /** A key to ask a server about itself by. */
  readonly probeKey: string;
  /** Ends the attempts. */
  readonly signal: AbortSignal;
}

/** Makes the connections of a log, trying until it succeeds or is told to stop. */
export async function openLink(
  source: ResolvedOptions['source'],
  options: OpenLinkOptions,
  events: LinkEvents,
): Promise<RedisLink> {
  if (source.kind === 'url') return openOwnLink(source.url, options, events);
  const { client, subscriber } = source;
  if (isCluster(client)) {
    const send = (key: string, args: readonly string[]) => client.sendCommand(key, false, [...args]);
    const { majorVersion } = await readServerFacts(send, options.probeKey);
    return new ClusterLink({ cluster: client, own: false, sharded: majorVersion >= SHARDED_SINCE }, events);
  }
  if (isSentinel(client)) return openSentinelLink(client, options.signal, events);
  if (subscriber !== undefined) return new ServerLink({ commands: client, feed: subscriber, own: [] }, events);
  const feed = client.duplicate();
  return withFeed(client, feed, [feed], options.signal, events);
}

async function openOwnLink(url: URL, options: OpenLinkOptions, events: LinkEvents): Promise<RedisLink> {
  const settings = clientSettings(options.commandTimeoutMs);
  const commands: RedisClientLike = createClient({ ...settings, url: url.href });
  const send = (_key: string, args: readonly string[]) => commands.sendCommand(args);
  commands.on('error', events.onFault);
  try {
    await connect(commands, options.signal);
    const { isCluster: clustered, majorVersion } = await readServerFacts(send, options.probeKey);
    if (!clustered) {
      const feed = commands.duplicate();
      return await withFeed(commands, feed, [commands, feed], options.signal, events);
    }
    commands.destroy();
    const sharded = majorVersion >= SHARDED_SINCE;
    return new ClusterLink({ cluster: await openCluster(url, options, events), own: true, sharded }, events);
  } catch (error) {
    if (commands.isOpen) commands.destroy();
    throw error;
  } finally {
    // The link listens from here on.
    if (commands.isOpen) commands.off('error', events.onFault);
  }
}

async function withFeed(
  commands: RedisClientLike,
  feed: RedisClientLike,
  own: readonly RedisClientLike[],
  signal: AbortSignal,
  events: LinkEvents,
): Promise<RedisLink> {
  feed.on('error', events.onFault);
  await connect(feed, signal);
  feed.off('error', events.onFault);
  return new ServerLink({ commands, feed, own }, events);
}

/** The caller's client may have several connections, and answers come in no order then. */
async function openSentinelLink(
  client: RedisSentinelLike,
  signal: AbortSignal,
  events: LinkEvents,
): Promise<RedisLink> {
  const sentinel = client.duplicate(OVERRIDES);
  sentinel.on('error', events.onFault);
  try {
    await connect(sentinel, signal);
    return new SentinelLink(sentinel, events);
  } catch (error) {
    if (sentinel.isOpen) await sentinel.destroy().catch(() => undefined);
    throw error;
  } finally {
    // The link listens from here on.
    if (sentinel.isOpen) sentinel.off('error', events.onFault);
  }
}

async function openCluster(url: URL, options: OpenLinkOptions, events: LinkEvents): Promise<RedisClusterLike> {
  const { username, password, socket, ...settings } = clientSettings(options.commandTimeoutMs, url);
  for (let attempt = 0; ; attempt += 1) {
    const cluster: RedisClusterLike = createCluster({
      rootNodes: [{ url: url.href }],
      defaults: {
        ...settings,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password }),
        socket: url.protocol === 'rediss:' ? { ...socket, tls: true } : socket,
      },
    });
    cluster.on('error', events.onFault);
    try {
      await connect(cluster, options.signal);
      cluster.off('error', events.onFault);
      return cluster;
    } catch (error) {
      events.onFault(error);
      await wait(delayMs(attempt), undefined, { signal: options.signal, ref: false });
    }
  }
}

async function connect(client: AnyRedisClient, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const stop = () => void Promise.resolve(client.destroy()).catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function clientSettings(commandTimeoutMs: number, url?: URL) {
  return {
    ...(url === undefined || url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url === undefined || url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
    // What can't be sent now fails now: the hub holds events while the log is away.
    disableOfflineQueue: true,
    maintNotifications: 'disabled' as const,
    // A peer that is gone without a word is noticed, also by a connection that only listens.
    pingInterval: Math.ceil(commandTimeoutMs / 2),
    socket: {
      connectTimeout: commandTimeoutMs,
      socketTimeout: commandTimeoutMs,
      reconnectStrategy: delayMs,
    },
  };
}

/** Up to twice as long each time, so that many processes do not come back at the same moment. */
function delayMs(attempt: number): number {
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + Math.random() / 2));
}
