import type { EventLog, RetentionPolicy } from '@ws/core';
import {
  type AppendResult,
  type DurabilityProfile,
  Feeds,
  type FeedSource,
  type LogEvent,
  type LogListener,
  type LogPage,
  type NewLogEvent,
  type RunLeases,
  type SharedState,
  type StreamHead,
  type StreamKey,
} from '@ws/core/log';
import { isWebSocketError, type EventId, type Offset, type StreamPosition } from '@ws/types';
import { Connection } from './connection.ts';
import { durabilityOf, durabilityProfileOf } from './durability.ts';
import { HealthProbe } from './health-probe.ts';
import { Keys } from './keys.ts';
import { closedFault } from './log-fault.ts';
import { readNotification } from './notification.ts';
import type { ResolvedOptions } from './options.ts';
import { readPages } from './read-pages.ts';
import type { MessageListener } from './redis-client.ts';
import { RedisConnectionTable } from './redis-connection-table.ts';
import { RedisLeases } from './redis-leases.ts';
import { RedisTickets } from './redis-tickets.ts';
import { placeOf } from './redis-url.ts';
import { ServerRecord } from './server-record.ts';
import { StreamScripts } from './stream-scripts.ts';

/** An event log in Redis Streams; made by `openRedisLog`. */
export class RedisEventLog implements EventLog {
  readonly name = 'redis';
  readonly leases: RunLeases;
  readonly shared: SharedState;
  readonly #place: string;
  readonly #keys: Keys;
  readonly #connection: Connection;
  readonly #scripts: StreamScripts;
  readonly #feeds: Feeds;
  readonly #health: HealthProbe;
  readonly #table: RedisConnectionTable;
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(options: ResolvedOptions) {
    const { source, keyPrefix } = options;
    this.#place = source.kind === 'url' ? placeOf(source.url) : `in Redis under ${keyPrefix}`;
    this.#keys = new Keys(keyPrefix);
    const record = new ServerRecord({ ...options, keys: this.#keys });
    this.#connection = new Connection({
      ...options,
      place: this.#place,
      look: (send, facts) => record.look(send, facts),
      probeKey: this.#keys.probeBeside(this.#keys.leases(0)),
      onReady: () => this.#scripts.serverMayHaveChanged(),
      onFeedReady: (isNew) => {
        void this.#feeds.checkAll(isNew);
        this.#table.reconnected(isNew);
      },
    });
    this.#scripts = new StreamScripts(this.#connection, this.#keys, options);
    const send = (key: string, args: readonly string[]) => this.#whenOpen(key, () => this.#connection.send(key, args));
    this.leases = new RedisLeases(send, this.#keys);
    this.#table = new RedisConnectionTable({
      connection: this.#connection,
      keys: this.#keys,
      clock: options.clock,
      node: options.ids.next(),
      beatMs: options.checkIntervalMs,
    });
    this.shared = { tickets: new RedisTickets(send, this.#keys), connections: this.#table };
    this.#health = new HealthProbe((key, args) => this.#connection.send(key, args), this.#keys);
    this.#feeds = new Feeds({
      ...options,
      source: (stream, heard) => this.#feedSource(stream, (message) => heard(readNotification(String(message)))),
    });
  }

  /** What the server's settings make an append promise, as far as they are known by now. */
  get durability(): string {
    return durabilityOf(this.#connection.facts);
  }

  get durabilityProfile(): DurabilityProfile {
    return durabilityProfileOf(this.#connection.facts);
  }

  async append(stream: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendResult> {
    const size = () => sizeOf(events);
    const result = await this.#on(stream, () => this.#scripts.append(stream, events, ifHead), size);
    if (result.kind === 'appended' && this.#feeds.has(stream)) {
      this.#feeds.appended(stream, result.epoch, numbered(events, result.events));
    }
    if (result.kind === 'appended' || ifHead === undefined) return result;
    return this.#feeds.hasLostEnd(stream, ifHead, result.head) ? this.#renewed(stream, ifHead) : result;
  }

  async lookup(stream: StreamKey, eventIds: readonly EventId[]): Promise<readonly (Offset | undefined)[]> {
    return this.#on(stream, () => this.#scripts.lookup(stream, eventIds));
  }

  async read(stream: StreamKey, after: Offset, limit: number): Promise<LogPage> {
    return this.#on(stream, () => this.#readPage(stream, after, limit));
  }

  async head(stream: StreamKey): Promise<StreamHead> {
    return this.#on(stream, () => this.#scripts.head(stream));
  }

  async trimmable(stream: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    return this.#on(stream, () => this.#scripts.trimmable(stream, policy, now));
  }

  /** Takes effect at once; what was let go is deleted bit by bit after that. */
  async trim(stream: StreamKey, upTo: Offset, checkpoint: string): Promise<void> {
    const isMore = await this.#on(stream, () => this.#scripts.trim(stream, upTo, checkpoint));
    // What is left when the server goes away is deleted after the next trim.
    if (isMore) this.#purge(stream).catch(() => undefined);
  }

  subscribe(stream: StreamKey, listener: LogListener): () => void {
    this.#assertOpen();
    return this.#feeds.add(stream, listener);
  }

  async healthy(): Promise<boolean> {
    return this.#closed === undefined && (await this.#health.check());
  }

  /** Waits for what is under way. Clients that were passed in stay open. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#feeds.clear();
      this.#table.close();
      this.#closed = this.#connection.close();
    }
    return this.#closed;
  }

  /** Begins a new epoch, and answers with the head that the stream has then. */
  async #renewed(stream: StreamKey, ifHead: StreamPosition): Promise<AppendResult> {
    await this.#on(stream, () => this.#scripts.renewEpoch(stream, ifHead));
    return { kind: 'conflict', head: await this.head(stream) };
  }

  async #purge(stream: StreamKey): Promise<void> {
    while (this.#closed === undefined && (await this.#scripts.trim(stream, 0, '')));
  }

  #readPage(stream: StreamKey, after: Offset, limit: number): Promise<LogPage> {
    return readPages((from, most) => this.#scripts.read(stream, from, most), after, limit);
  }

  #feedSource(stream: StreamKey, heard: MessageListener): FeedSource {
    const channel = this.#keys.channelOf(stream);
    return {
      position: () => this.#scripts.position(stream),
      read: (after, limit) => this.#readPage(stream, after, limit),
      renewEpoch: (known) => this.#scripts.renewEpoch(stream, known),
      subscribe: () => this.#connection.subscribe(channel, heard),
      unsubscribe: () => {
        // Without a connection there is no subscription to end.
        this.#connection.unsubscribe(channel, heard).catch(() => undefined);
      },
    };
  }

  #on<Value>(stream: StreamKey, work: () => Promise<Value>, size?: () => number): Promise<Value> {
    return this.#whenOpen(this.#keys.ofStream(stream)[0], work, size);
  }

  /** @param size - bytes that the work takes, if it writes events */
  async #whenOpen<Value>(key: string, work: () => Promise<Value>, size = () => 0): Promise<Value> {
    this.#assertOpen();
    try {
      return await work();
    } catch (error) {
      if (isWebSocketError(error) && error.retryable) {
        this.#health.failed(key, error.code === 'LOG_FULL' ? size() : 0);
      }
      throw error;
    }
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedFault(this.#place);
  }
}

function sizeOf(events: readonly NewLogEvent[]): number {
  return events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
}

/** The events that were new, with their offsets. */
function numbered(
  events: readonly NewLogEvent[],
  appended: Extract<AppendResult, { kind: 'appended' }>['events'],
): readonly LogEvent[] {
  return events.flatMap((event, index): LogEvent | [] => {
    const { offset = 0, duplicate = true } = appended[index] ?? {};
    return duplicate ? [] : { ...event, offset };
  });
}
