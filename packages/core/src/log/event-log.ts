import type { Epoch, EventId, Offset, RunId, StreamPosition, ThreadId } from '@ws/types';
import type { SharedState } from './shared-state.ts';
import type { StreamKey } from '../stream-key.ts';
import type { DurabilityProfile } from './durability-profile.ts';

/** A log may answer at once (memory) or later (disk, network); the core takes both without a needless turn. */
export type MaybePromise<Value> = Value | Promise<Value>;

/** An event on its way into a log. */
export interface NewLogEvent {
  readonly eventId: EventId;
  readonly type: string;
  readonly threadId?: ThreadId;
  readonly runId?: RunId;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** The whole event as JSON text, an object without `offset` and `prev`. The log keeps it to the letter. */
  readonly data: string;
  /**
   * Its id was made for it just now, and no log can hold it: a log may save itself the look. It is not part of the event, and
   * not kept; an event that is appended again, because the first answer was lost, does not say so.
   */
  readonly fresh?: true;
}

/** An event in a log. */
export interface LogEvent extends NewLogEvent {
  readonly offset: Offset;
  /** Offset of the event before it, where that is not `offset - 1` (logs whose numbers have holes). */
  readonly prev?: Offset;
}

/** Where a stream begins and ends. */
export interface StreamHead {
  readonly epoch: Epoch;
  /**
   * Offset of the oldest event kept; `head + 1` when none is. A log whose numbers have holes says the one after what was let go, so
   * that whoever stands there has missed nothing.
   */
  readonly oldest: Offset;
  /** Offset of the newest event; 0 for a new stream. */
  readonly head: Offset;
  /** What the last `trim` left behind; see {@link EventLog.trim}. */
  readonly checkpoint?: string;
}

/** What became of one event of an append. */
export interface AppendedEvent {
  readonly offset: Offset;
  /** The log already held this `eventId`: nothing was written, `offset` is the first one's. */
  readonly duplicate: boolean;
}

export type AppendResult =
  | { readonly kind: 'appended'; readonly epoch: Epoch; readonly events: readonly AppendedEvent[] }
  /** The stream's head was not `ifHead`: nothing was written. */
  | { readonly kind: 'conflict'; readonly head: StreamHead };

/** A page of a stream, oldest first. */
export interface LogPage {
  readonly epoch: Epoch;
  readonly events: readonly LogEvent[];
}

/** How much of a stream is kept. */
export interface RetentionPolicy {
  /** Newest events kept. */
  readonly maxEvents: number;
  /** Bytes of `data` kept, newest first. */
  readonly maxBytes: number;
  /** Age from which an event may go, in milliseconds. */
  readonly maxAgeMs: number;
}

/** The claim of an owner that a run is still being worked on. */
export interface RunLease {
  readonly stream: StreamKey;
  readonly runId: RunId;
  /** When the claim lapses, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Leases of open runs, kept beside the streams so that they outlive a process. */
export interface RunLeases {
  /** Makes or renews leases. */
  set(leases: readonly RunLease[]): MaybePromise<void>;
  /** Makes leases for runs that have none. The lease of a run that has one stays as it is. */
  add(leases: readonly RunLease[]): MaybePromise<void>;
  /** Forgets the leases of runs that ended. Unknown ones are passed over. */
  delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): MaybePromise<void>;
  /** Leases that lapsed at `now`, at most `limit`, oldest first. They stay until deleted or renewed. */
  expired(now: number, limit: number): MaybePromise<readonly RunLease[]>;
}

/** Called with events that were appended to a stream, in order and without a gap within one call. */
export type LogListener = (epoch: Epoch, events: readonly LogEvent[]) => void;

/**
 * The port of the core towards durable order: one log of numbered streams.
 *
 * Promises that every implementation keeps (`@ws/conformance` checks them):
 * - **Atomic**: an `append` writes all its events, next to each other and in order, or none.
 * - **Ordered**: offsets of a stream rise; two appends at once end in one order, the same for every reader.
 * - **Idempotent**: an `eventId` the stream still holds is not written again; its first offset is returned. This holds
 *   within one append, too.
 * - **Durable**: an append that returned is there for every later `read`, also after a restart, as far as the log's
 *   durability profile says.
 * - **Epoch**: a new one if and only if offsets handed out before may mean something else now (data lost or reset).
 * - **Honest**: a fault is thrown as a `WebSocketError` with one of the `LOG_…` codes; nothing is ever half done.
 */
export interface EventLog {
  /** Short name for logs and metrics: `memory`, `sqlite`. */
  readonly name: string;
  /** What `append` returning promises, in one sentence. */
  readonly durability: string;
  /** The same as data: what it follows from, and what it comes to. */
  readonly durabilityProfile?: DurabilityProfile;
  /**
   * Bytes of the write-ahead log beside the storage, in a log that has one. It grows as long as something reads from the storage without
   * an end, such as a copy under way.
   */
  readonly writeAheadBytes?: number;
  readonly leases: RunLeases;
  /** What processes share besides streams; absent in a log for one process, which needs no more than its own memory. */
  readonly shared?: SharedState;

  /**
   * Appends events to a stream.
   *
   * @param ifHead - write only if the stream's head is exactly this, else answer `conflict`
   * @throws `LOG_UNAVAILABLE`, `LOG_FULL`, `LOG_CORRUPT`, `LOG_CLOSED`
   */
  append(stream: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): MaybePromise<AppendResult>;

  /**
   * As `append`, for one event that is fresh, in a log that answers at once: its offset, or `undefined` if the stream's head is not
   * `ifHead`. Absent in a log that waits for a disk or a network.
   */
  appendNow?(stream: StreamKey, event: NewLogEvent, ifHead: StreamPosition): Offset | undefined;

  /** Offsets of events by their ids, `undefined` for an id the stream does not hold. */
  lookup(stream: StreamKey, eventIds: readonly EventId[]): MaybePromise<readonly (Offset | undefined)[]>;

  /**
   * The events after `after`, oldest first, at most `limit`. A page ends before the event that would make it larger than 1 MiB
   * (`MAX_PAGE_BYTES` of `@ws/core/log`), and holds one at least: a page shorter than `limit` is not the end. Empty at the head.
   */
  read(stream: StreamKey, after: Offset, limit: number): MaybePromise<LogPage>;

  /** Where the stream begins and ends. A stream never written has `oldest` 1 and `head` 0. */
  head(stream: StreamKey): MaybePromise<StreamHead>;

  /** The highest offset that `policy` lets go at `now` (milliseconds since 1970), 0 if none. Writes nothing. */
  trimmable(stream: StreamKey, policy: RetentionPolicy, now: number): MaybePromise<Offset>;

  /**
   * Lets go of everything up to and including `upTo`, and keeps `checkpoint` in its place: the fold of the runs that were
   * open there. Both happen or neither.
   */
  trim(stream: StreamKey, upTo: Offset, checkpoint: string): MaybePromise<void>;

  /**
   * Streams whose oldest event is from `before` or earlier (milliseconds since 1970), at most `limit`: retention looks at these
   * also when nobody comes back for them. Absent in a log that lets go of what is old by itself.
   */
  aged?(before: number, limit: number): MaybePromise<readonly StreamKey[]>;

  /**
   * Tells `listener` of events appended from now on, here or by another process: of another's at the latest from when a later call
   * of this log has returned. Returns a function that ends it.
   */
  subscribe(stream: StreamKey, listener: LogListener): () => void;

  /** Whether the log can be reached now. Never throws. */
  healthy(): MaybePromise<boolean>;

  /** Finishes what is under way and lets go of files and sockets. Later calls throw `LOG_CLOSED`. */
  close(): MaybePromise<void>;
}
