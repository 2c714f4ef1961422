import type {
  AppendResult,
  EventLog,
  LogEvent,
  LogListener,
  LogPage,
  NewLogEvent,
  RetentionPolicy,
  RunLeases,
  StreamHead,
  StreamKey,
} from '@ws/core';
import type { EventId, Offset, StreamPosition } from '@ws/types';
import { bootId } from './boot-id.ts';
import { DatabaseFile } from './database-file.ts';
import { DURABILITY } from './durability.ts';
import { EventTable } from './event-table.ts';
import { FileEpoch } from './file-epoch.ts';
import { GroupCommit } from './group-commit.ts';
import { HealthProbe } from './health-probe.ts';
import { Listeners } from './listeners.ts';
import { closedFault, logFault, withLogFaults } from './log-fault.ts';
import type { ResolvedOptions } from './options.ts';
import { Purger } from './purger.ts';
import { Retention } from './retention.ts';
import { SqliteLeases } from './sqlite-leases.ts';
import { streamHead, StreamTable, type StreamCounters } from './stream-table.ts';

/** An event log in a SQLite file; made by `openSqliteLog`. */
export class SqliteEventLog implements EventLog {
  readonly name = 'sqlite';
  readonly durability: string;
  readonly leases: RunLeases;
  /** The database file. */
  readonly path: string;
  readonly #file: DatabaseFile;
  readonly #epoch: FileEpoch;
  readonly #streams: StreamTable;
  readonly #events: EventTable;
  readonly #commits: GroupCommit;
  readonly #retention: Retention;
  readonly #health: HealthProbe;
  readonly #listeners = new Listeners();
  #closed = false;

  constructor(options: ResolvedOptions) {
    const soon = (task: () => void) => options.clock.soon(task);
    this.path = options.path;
    this.durability = DURABILITY[options.synchronous];
    this.#file = new DatabaseFile(options);
    const { db } = this.#file;
    try {
      this.#epoch = new FileEpoch(db, { ...options, boot: bootId() });
      this.#streams = new StreamTable(db);
      this.#events = new EventTable(db);
      this.#commits = new GroupCommit(this.#file, this.#streams, soon);
      const purger = new Purger(db, this.#commits);
      this.#retention = new Retention(db, { streams: this.#streams, commits: this.#commits, purger, soon });
      this.#health = new HealthProbe(this.#file);
      this.leases = new SqliteLeases(db, {
        write: async (weight, run) => this.#whenOpen(() => this.#commits.submit(weight, run)),
        read: (run) => this.#whenOpen(run),
      });
      purger.resume();
    } catch (error) {
      db.close();
      throw error;
    }
  }

  async append(key: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendResult> {
    this.#assertOpen();
    const written: LogEvent[] = [];
    return this.#commits.submit(
      events.length + 1,
      () => {
        written.length = 0;
        return this.#append(key, events, ifHead, written);
      },
      () => {
        if (written.length > 0) this.#listeners.tell(key, this.#epoch.epoch, written);
      },
    );
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

  /**
   * Tells `listener` of events appended through this handle. What another handle or process appends to the same file is read
   * as soon as it is committed, but not told of.
   */
  subscribe(key: StreamKey, listener: LogListener): () => void {
    return this.#whenOpen(() => this.#listeners.add(key, listener));
  }

  healthy(): boolean {
    return !this.#closed && this.#health.check(this.#commits.failing);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#commits.close();
    this.#listeners.clear();
    this.#epoch.close();
    this.#file.close();
  }

  #append(
    key: StreamKey,
    events: readonly NewLogEvent[],
    ifHead: StreamPosition | undefined,
    written: LogEvent[],
  ): AppendResult {
    const { epoch } = this.#epoch;
    if (ifHead !== undefined) {
      const known = this.#streams.load(key);
      if (ifHead.epoch !== epoch || ifHead.offset !== (known?.head ?? 0)) return this.#conflict(known);
    }
    const stream = this.#streams.loadOrCreate(key);
    const listening = this.#listeners.has(key);
    const appended = events.map((event) => {
      const result = this.#events.append(stream, event);
      if (listening && !result.duplicate) written.push({ ...event, offset: result.offset });
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
