import type { EventLog, RetentionPolicy } from '@ws/core';
import {
  type AppendNotice,
  type AppendResult,
  type DurabilityProfile,
  Feeds,
  type FeedSource,
  type LogListener,
  type LogPage,
  type NewLogEvent,
  type RunLeases,
  type SharedState,
  type StreamHead,
  type StreamKey,
} from '@ws/core/log';
import type { EventId, Offset, StreamPosition } from '@ws/types';
import type { Subscription } from '@nats-io/transport-node';
import { Connection, type Link } from './connection.ts';
import { durabilityOf, durabilityProfileOf } from './durability.ts';
import { EventStore } from './event-store.ts';
import { HealthProbe } from './health-probe.ts';
import { closedFault } from './log-fault.ts';
import { NatsConnectionTable } from './nats-connection-table.ts';
import { NatsLeases } from './nats-leases.ts';
import { NatsTickets } from './nats-tickets.ts';
import { placeOf } from './nats-url.ts';
import { readNotice } from './notice.ts';
import type { OnRestart, ResolvedOptions } from './options.ts';
import { Parts } from './parts.ts';
import { openStorage, type StorageFacts } from './storage.ts';
import { StorageEpoch } from './storage-epoch.ts';
import { StreamStore } from './stream-store.ts';
import { SubjectReader } from './subject-reader.ts';
import { Subjects } from './subjects.ts';
import { TrimRecords } from './trim-records.ts';

/** An event log in NATS JetStream; made by `openNatsLog`. */
export class NatsEventLog implements EventLog {
  readonly name = 'nats';
  readonly leases: RunLeases;
  readonly shared: SharedState;
  readonly #place: string;
  readonly #onRestart: OnRestart;
  readonly #subjects: Subjects;
  readonly #connection: Connection;
  readonly #epoch: StorageEpoch;
  readonly #streams: StreamStore;
  readonly #feeds: Feeds;
  readonly #table: NatsConnectionTable;
  readonly #health: HealthProbe;
  #facts: StorageFacts | undefined;
  #epochWatch: Subscription | undefined;
  #closed: Promise<void> | undefined;

  /** @internal */
  constructor(options: ResolvedOptions) {
    const { source, prefix } = options;
    const place = source.kind === 'url' ? `${placeOf(source.address)} under ${prefix}` : `in NATS under ${prefix}`;
    const subjects = new Subjects(prefix);
    this.#place = place;
    this.#onRestart = options.onRestart;
    this.#subjects = subjects;
    this.#epoch = new StorageEpoch({ ...options, subjects });
    const connection = new Connection({
      ...options,
      place,
      prepare: async (link) => {
        this.#facts = await openStorage(link, { ...options, subjects, place });
        // Before it is read, so that none is missed that is written meanwhile.
        this.#watchEpoch(link);
        if (await this.#epoch.open(link, this.#facts)) this.#streams.forgetAll();
      },
      onReady: () => {
        this.#table.reconnected();
        void this.#feeds.checkAll(false);
      },
    });
    this.#connection = connection;
    const reader = new SubjectReader(connection, { ...options, place });
    const parts = new Parts(connection, subjects);
    const trims = new TrimRecords(connection, { subjects, parts, place });
    const isReplicated = () => (this.#facts?.replicas ?? 1) > 1;
    const events = new EventStore({ connection, subjects, reader, parts, trims, place, isReplicated });
    this.#streams = new StreamStore({ ...options, events, trims, epoch: this.#epoch });
    this.#health = new HealthProbe(connection, subjects, isReplicated);
    this.#feeds = new Feeds({ ...options, source: (stream, heard) => this.#feedSource(stream, heard) });
    this.leases = new NatsLeases(connection, subjects, reader);
    this.#table = new NatsConnectionTable({ ...options, connection, subjects, node: options.ids.next() });
    this.shared = { tickets: new NatsTickets(connection, subjects, options.clock), connections: this.#table };
  }

  /** What the streams' settings make an append promise, as far as they are known by now. */
  get durability(): string {
    return durabilityOf(this.#facts, this.#onRestart);
  }

  get durabilityProfile(): DurabilityProfile {
    return durabilityProfileOf(this.#facts, this.#onRestart);
  }

  async append(stream: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendResult> {
    this.#assertOpen();
    try {
      const { result, written } = await this.#streams.append(stream, events, ifHead);
      if (result.kind === 'appended') this.#feeds.appended(stream, result.epoch, written);
      if (result.kind === 'appended' || ifHead === undefined) return result;
      return this.#feeds.hasLostEnd(stream, ifHead, result.head) ? await this.#renewed(stream, ifHead) : result;
    } catch (error) {
      this.#health.failed(error, sizeOf(events));
      throw error;
    }
  }

  async lookup(stream: StreamKey, eventIds: readonly EventId[]): Promise<readonly (Offset | undefined)[]> {
    this.#assertOpen();
    return this.#streams.lookup(stream, eventIds);
  }

  async read(stream: StreamKey, after: Offset, limit: number): Promise<LogPage> {
    this.#assertOpen();
    return this.#streams.read(stream, after, limit);
  }

  async head(stream: StreamKey): Promise<StreamHead> {
    this.#assertOpen();
    return this.#streams.head(stream);
  }

  async trimmable(stream: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    this.#assertOpen();
    return this.#streams.trimmable(stream, policy, now);
  }

  /** Takes effect at once; what was let go is deleted after that. */
  async trim(stream: StreamKey, upTo: Offset, checkpoint: string): Promise<void> {
    this.#assertOpen();
    return this.#streams.trim(stream, upTo, checkpoint);
  }

  async aged(before: number, limit: number): Promise<readonly StreamKey[]> {
    this.#assertOpen();
    return this.#streams.aged(before, limit);
  }

  subscribe(stream: StreamKey, listener: LogListener): () => void {
    this.#assertOpen();
    return this.#feeds.add(stream, listener);
  }

  async healthy(): Promise<boolean> {
    return this.#closed === undefined && (await this.#health.check());
  }

  /** Waits for what is under way. A connection that was passed in stays open. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      this.#feeds.clear();
      this.#table.close();
      this.#epochWatch?.unsubscribe();
      this.#closed = this.#connection.close();
    }
    return this.#closed;
  }

  /** Begins a new epoch, and answers with the head that the stream has then. */
  async #renewed(stream: StreamKey, ifHead: StreamPosition): Promise<AppendResult> {
    await this.#streams.renewEpoch(stream, ifHead);
    return { kind: 'conflict', head: await this.#streams.head(stream) };
  }

  #feedSource(stream: StreamKey, heard: (notice: AppendNotice | undefined) => void): FeedSource {
    let subscription: Subscription | undefined;
    return {
      position: () => this.#streams.position(stream),
      read: (after, limit) => this.#streams.read(stream, after, limit),
      renewEpoch: (known) => this.#streams.renewEpoch(stream, known),
      subscribe: () =>
        this.#connection.run(({ nc }) => {
          subscription?.unsubscribe();
          subscription = nc.subscribe(this.#subjects.feedOf(stream), {
            callback: (error, message) => {
              if (error !== null) return;
              const told = this.#streams.epochOf(stream);
              heard(readNotice(message, told, (stored) => this.#streams.heard(stream, stored)));
            },
          });
          return nc.flush();
        }),
      unsubscribe: () => {
        subscription?.unsubscribe();
        this.#streams.forget(stream);
      },
    };
  }

  /** Another process that notices a loss writes a new epoch. */
  #watchEpoch(link: Link): void {
    this.#epochWatch ??= link.nc.subscribe(this.#subjects.newEpoch, {
      callback: () => {
        this.#epoch.reread(link).then(
          (isNew) => {
            if (!isNew) return;
            this.#streams.forgetAll();
            return this.#feeds.checkAll(false);
          },
          // The connection is lost: the epoch is read when it is made again.
          () => undefined,
        );
      },
    });
  }

  #assertOpen(): void {
    if (this.#closed !== undefined) throw closedFault(this.#place);
  }
}

function sizeOf(events: readonly NewLogEvent[]): number {
  return events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
}
