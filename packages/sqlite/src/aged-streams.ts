import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StreamKey } from '@ws/core/log';

/** Rows looked at by one call at most: it holds up the process for a few milliseconds, and the caller comes again. */
const MAX_ROWS = 5_000;

/** Finds streams with events of long ago. Events lie in order of arrival, so these are at the beginning of the table. */
export class AgedStreams {
  readonly #oldest: StatementSync;

  constructor(db: DatabaseSync) {
    this.#oldest = db.prepare(`
      SELECT s.key, e.timestamp FROM events e CROSS JOIN streams s ON s.id = e.stream_id AND e.offset > s.trimmed
      ORDER BY e.seq LIMIT ${MAX_ROWS}`);
  }

  /** Streams whose oldest event is from `before` or earlier, at most `limit`. */
  find(before: number, limit: number): readonly StreamKey[] {
    const keys = new Set<StreamKey>();
    if (limit === 0) return [];
    for (const row of this.#oldest.iterate()) {
      // The columns of the statement.
      const { key, timestamp } = row as { key: StreamKey; timestamp: number };
      if (timestamp > before) break;
      keys.add(key);
      if (keys.size === limit) break;
    }
    return [...keys];
  }
}
