import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type LogEvent, MAX_PAGE_BYTES, type NewLogEvent, type StreamKey, withinBytes } from '@ws/core/log';
import type { EventId, Offset, RunId, ThreadId } from '@ws/types';
import type { Arrivals } from './arrivals.ts';
import type { StreamCounters } from './stream-table.ts';

/** The columns of a page, in this order. */
type EventRow = readonly [
  offset: number,
  eventId: string,
  type: string,
  threadId: string | null,
  runId: string | null,
  timestamp: number,
  data: string,
];

/** The rows of events: writing them one after the other, finding them by id and by offset. */
export class EventTable {
  readonly #arrivals: Arrivals;
  readonly #insert: StatementSync;
  readonly #offsetOf: StatementSync;
  readonly #lookup: StatementSync;
  readonly #page: StatementSync;
  readonly #at: StatementSync;
  readonly #deleteById: StatementSync;

  constructor(db: DatabaseSync, arrivals: Arrivals) {
    this.#arrivals = arrivals;
    this.#insert = db.prepare(`
      INSERT INTO events (seq, stream_id, offset, event_id, type, thread_id, run_id, timestamp, bytes_through, data)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id, stream_id) DO NOTHING`);
    this.#offsetOf = db.prepare('SELECT offset FROM events WHERE event_id = ? AND stream_id = ?');
    this.#lookup = db.prepare(`
      SELECT e.offset FROM streams s CROSS JOIN events e ON e.event_id = ? AND e.stream_id = s.id
      WHERE s.key = ? AND e.offset > s.trimmed`);
    // One statement, so that a trim by another process can't fall between the stream's bounds and its events. Offsets have no holes:
    // their bound is that of the page, and no row is looked at that lies beyond it. Its parameters have no numbers, because the first
    // releases of node:sqlite can't bind those.
    this.#page = db.prepare(`
      SELECT e.offset, e.event_id, e.type, e.thread_id, e.run_id, e.timestamp, e.data
      FROM streams s CROSS JOIN events e
        ON e.stream_id = s.id AND e.offset > max(?, s.trimmed) AND e.offset <= max(?, s.trimmed) + ?
      WHERE s.key = ? AND e.bytes_through <= ? + (
        SELECT first.bytes_through FROM events first
        WHERE first.stream_id = s.id AND first.offset > max(?, s.trimmed) ORDER BY first.offset LIMIT 1)
      ORDER BY e.offset`);
    // Rows as arrays take half the time; early releases of Node 22 have only objects.
    if ('setReturnArrays' in this.#page) this.#page.setReturnArrays(true);
    this.#at = db.prepare(
      'SELECT offset, event_id, type, thread_id, run_id, timestamp, data FROM events WHERE seq = ?',
    );
    this.#deleteById = db.prepare('DELETE FROM events WHERE event_id = ? AND stream_id = ?');
  }

  /**
   * Writes an event as the next of its stream and counts it, or answers the offset of the one with its id.
   * Within a transaction.
   */
  append(stream: StreamCounters, event: NewLogEvent): { readonly offset: Offset; readonly duplicate: boolean } {
    const offset = stream.head + 1;
    const bytes = stream.bytes + Buffer.byteLength(event.data);
    if (!this.#tryInsert(stream.id, offset, bytes, event)) {
      const known = this.#offsetOf.get(event.eventId, stream.id)?.['offset'];
      if (typeof known === 'number' && known > stream.trimmed) return { offset: known, duplicate: true };
      // It was let go, and only waits to be deleted.
      this.#deleteById.run(event.eventId, stream.id);
      this.#tryInsert(stream.id, offset, bytes, event);
    }
    stream.head = offset;
    stream.bytes = bytes;
    return { offset, duplicate: false };
  }

  lookup(key: StreamKey, eventId: EventId): Offset | undefined {
    const offset = this.#lookup.get(eventId, key)?.['offset'];
    return typeof offset === 'number' ? offset : undefined;
  }

  page(key: StreamKey, after: Offset, limit: number): readonly LogEvent[] {
    const rows = this.#page.all(after, after, limit, key, MAX_PAGE_BYTES, after);
    return withinBytes(rows.map(toLogEvent));
  }

  /** The event with this number of arrival. */
  at(seq: number): LogEvent | undefined {
    const row = this.#at.get(seq);
    return row && toLogEvent(row);
  }

  #tryInsert(streamId: number, offset: Offset, bytesThrough: number, event: NewLogEvent): boolean {
    const { eventId, type, threadId = null, runId = null, timestamp, data } = event;
    const seq = this.#arrivals.next();
    const { changes } = this.#insert.run(
      seq,
      streamId,
      offset,
      eventId,
      type,
      threadId,
      runId,
      timestamp,
      bytesThrough,
      data,
    );
    if (changes === 1) this.#arrivals.taken();
    return changes === 1;
  }
}

// The ids were checked when they were written.
function toLogEvent(row: object): LogEvent {
  const values: unknown = Array.isArray(row) ? row : Object.values(row);
  const [offset, eventId, type, threadId, runId, timestamp, data] = values as EventRow;
  return {
    offset,
    eventId: eventId as EventId,
    type,
    ...(threadId === null ? {} : { threadId: threadId as ThreadId }),
    ...(runId === null ? {} : { runId: runId as RunId }),
    timestamp,
    data,
  };
}
