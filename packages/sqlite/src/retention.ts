import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { RetentionPolicy } from '@ws/core';
import type { StreamKey } from '@ws/core/log';
import type { Offset } from '@ws/types';
import type { GroupCommit } from './group-commit.ts';
import type { Purger } from './purger.ts';
import type { StreamCounters, StreamTable } from './stream-table.ts';

/** Events looked at in one go when their age is asked for. */
const AGE_SLICE = 2_000;
/** Rows that a trim deletes by itself. */
const TRIM_SLICE = 500;

/** What may go from a stream, and letting it go. */
export class Retention {
  readonly #streams: StreamTable;
  readonly #commits: GroupCommit;
  readonly #purger: Purger;
  readonly #soon: (task: () => void) => void;
  readonly #bytesThrough: StatementSync;
  readonly #firstYounger: StatementSync;
  readonly #keepCheckpoint: StatementSync;

  constructor(
    db: DatabaseSync,
    parts: { streams: StreamTable; commits: GroupCommit; purger: Purger; soon: (task: () => void) => void },
  ) {
    this.#streams = parts.streams;
    this.#commits = parts.commits;
    this.#purger = parts.purger;
    this.#soon = parts.soon;
    this.#bytesThrough = db.prepare('SELECT bytes_through FROM events WHERE stream_id = ? AND offset = ?');
    this.#firstYounger = db.prepare(`
      SELECT offset FROM events WHERE stream_id = ? AND offset > ? AND offset <= ? AND timestamp > ?
      ORDER BY offset LIMIT 1`);
    this.#keepCheckpoint = db.prepare('INSERT OR REPLACE INTO checkpoints (stream_id, data) VALUES (?, ?)');
  }

  async trimmable(key: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    const stream = this.#streams.find(key);
    if (stream === undefined) return 0;
    const excess = Math.max(stream.trimmed, stream.head - policy.maxEvents, this.#overBytes(stream, policy.maxBytes));
    const upTo = await this.#olderThan(stream, Math.min(excess, stream.head), now - policy.maxAgeMs);
    return upTo > stream.trimmed ? upTo : 0;
  }

  /** Lets go in one step, however much it is; what it does not delete is deleted bit by bit after that. */
  trim(key: StreamKey, upTo: Offset, checkpoint: string): Promise<void> {
    return this.#commits.submit(
      TRIM_SLICE,
      () => {
        const stream = this.#streams.load(key);
        const target = Math.min(upTo, stream?.head ?? 0);
        if (stream === undefined || target <= stream.trimmed) return;
        stream.trimmedBytes = this.#bytesUpTo(stream, target);
        stream.trimmed = target;
        // First, so that a file that may not grow any more has room for the checkpoint.
        this.#purger.deleteSome(stream.id, target, TRIM_SLICE);
        this.#keepCheckpoint.run(stream.id, checkpoint);
      },
      () => this.#purger.wake(),
    );
  }

  /** The lowest offset without which at most `maxBytes` are left. */
  #overBytes(stream: Readonly<StreamCounters>, maxBytes: number): Offset {
    const enough = stream.bytes - maxBytes;
    if (enough <= stream.trimmedBytes) return stream.trimmed;
    let low = stream.trimmed + 1;
    let high = stream.head;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.#bytesUpTo(stream, middle) >= enough) high = middle;
      else low = middle + 1;
    }
    return high;
  }

  async #olderThan(stream: Readonly<StreamCounters>, from: Offset, timestamp: number): Promise<Offset> {
    for (let after = from; after < stream.head; after += AGE_SLICE) {
      if (after > from) await new Promise<void>((resolve) => this.#soon(resolve));
      const younger = this.#firstYounger.get(stream.id, after, after + AGE_SLICE, timestamp)?.['offset'];
      if (typeof younger === 'number') return younger - 1;
    }
    return stream.head;
  }

  #bytesUpTo(stream: Readonly<StreamCounters>, offset: Offset): number {
    const bytes = this.#bytesThrough.get(stream.id, offset)?.['bytes_through'];
    // A trim by another process came in between: what it let go counts as bytes that went.
    return typeof bytes === 'number' ? bytes : stream.trimmedBytes;
  }
}
