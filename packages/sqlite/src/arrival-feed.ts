import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock, LogEvent, LogListener, StreamKey, Timer } from '@ws/core/log';
import type { Epoch } from '@ws/types';
import type { Arrivals } from './arrivals.ts';
import type { EventTable } from './event-table.ts';
import { Listeners } from './listeners.ts';

/** Rows looked at in one go. */
const PAGE = 500;

export interface ArrivalFeedOptions {
  readonly db: DatabaseSync;
  readonly epoch: Epoch;
  readonly arrivals: Arrivals;
  readonly events: EventTable;
  readonly clock: Pick<Clock, 'after'>;
  /** How often to look for what other handles appended, in milliseconds; 0 for never. */
  readonly lookIntervalMs: number;
  /** Another handle has written to the file. */
  readonly onChange: () => void;
}

/** Events that this handle appended: the numbers of the first and the last one in the file, and those somebody listens to. */
export interface OwnArrivals {
  readonly first: number;
  readonly last: number;
  readonly events: readonly LogEvent[];
}

/**
 * Tells listeners of the events of a file in the order of their arrival, whichever handle or process appended them. SQLite sends
 * no messages, so while somebody listens the file is asked now and then whether another connection has changed it, which costs a
 * few microseconds and reads no page.
 */
export class ArrivalFeed {
  readonly #options: ArrivalFeedOptions;
  readonly #listeners = new Listeners();
  readonly #dataVersion: StatementSync;
  readonly #arrived: StatementSync;
  /** Number of the newest event that was told. */
  #told = 0;
  #seenVersion: unknown;
  #telling = false;
  #timer: Timer | undefined;

  constructor(options: ArrivalFeedOptions) {
    this.#options = options;
    this.#dataVersion = options.db.prepare('PRAGMA data_version');
    this.#arrived = options.db.prepare(`
      SELECT e.seq, s.key, e.offset > s.trimmed AS kept
      FROM events e CROSS JOIN streams s ON s.id = e.stream_id WHERE e.seq > ? ORDER BY e.seq LIMIT ${PAGE}`);
  }

  has(key: StreamKey): boolean {
    return this.#listeners.has(key);
  }

  add(key: StreamKey, listener: LogListener): () => void {
    if (this.#listeners.isEmpty) this.#told = this.#options.arrivals.newest();
    else this.#catchUp();
    const remove = this.#listeners.add(key, listener);
    this.#planLook();
    return remove;
  }

  /** This handle committed. */
  appended(key: StreamKey, { first, last, events }: OwnArrivals): void {
    if (this.#listeners.isEmpty || last <= this.#told) return;
    if (first !== this.#told + 1) {
      // What another process committed in between comes first.
      this.#tryToCatchUp();
      return;
    }
    this.#told = last;
    if (events.length > 0) this.#tell([[key, events]]);
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#listeners.clear();
  }

  #planLook(): void {
    const { clock, lookIntervalMs } = this.#options;
    if (lookIntervalMs > 0) this.#timer ??= clock.after(lookIntervalMs, () => this.#look());
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#listeners.isEmpty) return;
    const version = this.#version();
    if (version !== this.#seenVersion && this.#tryToCatchUp()) {
      this.#seenVersion = version;
      this.#options.onChange();
    }
    this.#planLook();
  }

  /** Changes when another connection has committed; `undefined` where the file is out of reach. */
  #version(): unknown {
    try {
      return this.#dataVersion.get()?.['data_version'];
    } catch {
      return undefined;
    }
  }

  #tryToCatchUp(): boolean {
    try {
      this.#catchUp();
      return true;
    } catch {
      // Locked, or out of reach: the next look finds what there is.
      return false;
    }
  }

  #catchUp(): void {
    // A listener that subscribes must not make others hear of newer events first; whoever tells goes on to the end.
    if (this.#telling) return;
    for (let isMore = true; isMore;) {
      const page = this.#readPage();
      isMore = page.isMore;
      this.#told = page.last;
      this.#tell(page.byStream);
    }
  }

  #readPage(): { last: number; isMore: boolean; byStream: Map<StreamKey, readonly LogEvent[]> } {
    const { db, events } = this.#options;
    const byStream = new Map<StreamKey, LogEvent[]>();
    let last = this.#told;
    // One snapshot, so that a trim by another process can't make a hole.
    db.exec('BEGIN');
    try {
      const rows = this.#arrived.all(this.#told) as unknown as readonly { seq: number; key: StreamKey; kept: number }[];
      for (const { seq, key, kept } of rows) {
        last = seq;
        if (kept === 0 || !this.#listeners.has(key)) continue;
        const event = events.at(seq);
        if (event === undefined) continue;
        const told = byStream.get(key);
        if (told === undefined) byStream.set(key, [event]);
        else told.push(event);
      }
      return { last, isMore: rows.length === PAGE, byStream };
    } finally {
      db.exec('COMMIT');
    }
  }

  #tell(byStream: Iterable<readonly [StreamKey, readonly LogEvent[]]>): void {
    this.#telling = true;
    try {
      for (const [key, events] of byStream) this.#listeners.tell(key, this.#options.epoch, events);
    } finally {
      this.#telling = false;
    }
  }
}
