import type { EventLog, RetentionPolicy } from '@ws/core';
import type {
  AppendResult,
  DurabilityProfile,
  LogEvent,
  LogListener,
  LogPage,
  NewLogEvent,
  RunLeases,
  SharedState,
  StreamHead,
  StreamKey,
} from '@ws/core/log';
import { isWebSocketError, type EventId, type Offset, type StreamPosition } from '@ws/types';
import { AgedStreams } from './aged-streams.ts';
import { ArrivalFeed, type OwnArrivals } from './arrival-feed.ts';
import { Arrivals } from './arrivals.ts';
import { bootId } from './boot-id.ts';
import { DatabaseFile } from './database-file.ts';
import { DURABILITY, durabilityProfile } from './durability.ts';
import { EventTable } from './event-table.ts';
import type { FileAccess } from './file-access.ts';
import { FileEpoch } from './file-epoch.ts';
import { FileMark } from './file-mark.ts';
import { GroupCommit } from './group-commit.ts';
import { HealthProbe } from './health-probe.ts';
import { closedFault, logFault, withLogFaults } from './log-fault.ts';
import type { ResolvedOptions } from './options.ts';
import { Purger } from './purger.ts';
import { Retention } from './retention.ts';
import { SqliteConnectionTable } from './sqlite-connection-table.ts';
import { SqliteLeases } from './sqlite-leases.ts';
import { SqliteTickets } from './sqlite-tickets.ts';
import { streamHead, StreamTable, type StreamCounters } from './stream-table.ts';

/** An event log in a SQLite file; made by `openSqliteLog`. */
export class SqliteEventLog implements EventLog {
  readonly name = 'sqlite';
  readonly durability: string;
  readonly durabilityProfile: DurabilityProfile;
  readonly leases: RunLeases;
  readonly shared?: SharedState;
  /** The database file. */
  readonly path: string;
  readonly #file: DatabaseFile;
  readonly #mark: FileMark;
  readonly #epoch: FileEpoch;
  readonly #streams: StreamTable;
  readonly #arrivals: Arrivals;
  readonly #events: EventTable;
  readonly #commits: GroupCommit;
  readonly #retention: Retention;
  readonly #aged: AgedStreams;
  readonly #health: HealthProbe;
  readonly #feed: ArrivalFeed;
  readonly #table: SqliteConnectionTable | undefined;
  #closed = false;

  /** @internal */
  constructor(options: ResolvedOptions) {
    const soon = (task: () => void) => options.clock.soon(task);
    this.path = options.path;
    this.durability = DURABILITY[options.synchronous];
    this.#file = new DatabaseFile(options);
    const { db } = this.#file;
    this.#mark = new FileMark(options.path, options.clock);
    try {
      this.#epoch = new FileEpoch(db, { ...options, boot: bootId(), mark: this.#mark });
      this.durabilityProfile = durabilityProfile(db);
      this.#streams = new StreamTable(db);
      this.#arrivals = new Arrivals(db, this.#mark);
      this.#events = new EventTable(db, this.#arrivals);
      this.#commits = new GroupCommit(this.#file, [this.#streams, this.#arrivals], soon);
      this.#feed = new ArrivalFeed({
        ...options,
        db,
        epoch: this.#epoch.epoch,
        arrivals: this.#arrivals,
        events: this.#events,
        onChange: () => this.#table?.look(),
      });
      const purger = new Purger(db, this.#commits);
      this.#retention = new Retention(db, { streams: this.#streams, commits: this.#commits, purger, soon });
      this.#aged = new AgedStreams(db);
      this.#health = new HealthProbe(this.#file);
      const access: FileAccess = {
        write: async (weight, run) => this.#whenOpen(() => this.#commits.submit(weight, run)),
        read: (run) => this.#whenOpen(run),
      };
      this.leases = new SqliteLeases(db, access);
      if (options.severalProcesses) {
        this.#table = new SqliteConnectionTable({ ...options, db, access, node: options.ids.next() });
        this.shared = { tickets: new SqliteTickets(db, access, options.clock), connections: this.#table };
      }
      purger.resume();
    } catch (error) {
      this.#mark.close();
      db.close();
      throw error;
    }
  }

  /** Bytes of the write-ahead log beside the file. */
  get writeAheadBytes(): number {
    return this.#file.writeAheadBytes;
  }

  async append(key: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendResult> {
    this.#assertOpen();
    let written: OwnArrivals | undefined;
    const appended = this.#commits.submit(
      events.length + 1,
      () => {
        const first = this.#arrivals.next();
        const listened: LogEvent[] = [];
        const result = this.#append(key, events, ifHead, listened);
        const last = this.#arrivals.newest();
        written = last < first ? undefined : { first, last, events: listened };
        return result;
      },
      () => {
        if (written !== undefined) this.#feed.appended(key, written);
      },
    );
    try {
      return await appended;
    } catch (error) {
      if (isWebSocketError(error) && error.code === 'LOG_FULL') this.#health.foundNoRoom(sizeOf(events));
      throw error;
    }
  }

  lookup(key: StreamKey, eventIds: readonly EventId[]): readonly (Offset | undefined)[] {
    return this.#whenOpen(() => eventIds.map((id) => this.#events.lookup(key, id)));
  }

  read(key: StreamKey, after: Offset, limit: number): LogPage {
    return { epoch: this.#epoch.epoch, events: this.#whenOpen(() => this.#events.page(key, after, limit)) };
  }

  head(key: StreamKey): StreamHead {
    return this.#whenOpen(() => streamHead(this.#epoch.epoch, this.#streams.find(key)));
  }

  async trimmable(key: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    this.#assertOpen();
    return this.#retention.trimmable(key, policy, now).catch((error: unknown) => {
      throw logFault(error, this.path);
    });
  }

  async trim(key: StreamKey, upTo: Offset, checkpoint: string): Promise<void> {
    return this.#whenOpen(() => this.#retention.trim(key, upTo, checkpoint));
  }

  aged(before: number, limit: number): readonly StreamKey[] {
    return this.#whenOpen(() => this.#aged.find(before, limit));
  }

  /**
   * Tells `listener` of events appended to the file from now on: through this handle at once, through another one or by another
   * process within `lookIntervalMs`.
   */
  subscribe(key: StreamKey, listener: LogListener): () => void {
    return this.#whenOpen(() => this.#feed.add(key, listener));
  }

  healthy(): boolean {
    return !this.#closed && this.#health.check(this.#commits.failing);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#table?.close();
    this.#closed = true;
    this.#commits.close();
    this.#feed.clear();
    this.#epoch.close();
    this.#file.close();
    this.#mark.close();
  }

  #append(
    key: StreamKey,
    events: readonly NewLogEvent[],
    ifHead: StreamPosition | undefined,
    listened: LogEvent[],
  ): AppendResult {
    const { epoch } = this.#epoch;
    if (ifHead !== undefined) {
      const known = this.#streams.load(key);
      if (ifHead.epoch !== epoch || ifHead.offset !== (known?.head ?? 0)) return this.#conflict(known);
    }
    const stream = this.#streams.loadOrCreate(key);
    const listening = this.#feed.has(key);
    const appended = events.map((event) => {
      const result = this.#events.append(stream, event);
      if (listening && !result.duplicate) listened.push({ ...event, offset: result.offset });
      return result;
    });
    return { kind: 'appended', epoch, events: appended };
  }

  #conflict(stream: StreamCounters | undefined): AppendResult {
    const row = stream && { ...stream, checkpoint: this.#streams.checkpoint(stream.id) };
    return { kind: 'conflict', head: streamHead(this.#epoch.epoch, row) };
  }

  #whenOpen<Result>(work: () => Result): Result {
    this.#assertOpen();
    return withLogFaults(this.path, work);
  }

  #assertOpen(): void {
    if (this.#closed) throw closedFault(this.path);
  }
}

function sizeOf(events: readonly NewLogEvent[]): number {
  return events.reduce((sum, { data }) => sum + Buffer.byteLength(data), 0);
}
