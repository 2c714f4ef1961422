import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StreamHead, StreamKey } from '@ws/core/log';
import type { Epoch, Offset } from '@ws/types';
import type { CachedRows } from './group-commit.ts';

/** The counters of one stream. */
export interface StreamCounters {
  readonly id: number;
  head: Offset;
  /** Bytes of `data` ever appended. */
  bytes: number;
  /** Events up to this one were let go. */
  trimmed: Offset;
  /** Bytes of `data` that were let go. */
  trimmedBytes: number;
}

/** A stream as it is in the file. */
export interface StreamRow extends Readonly<StreamCounters> {
  readonly checkpoint: string | null;
}

/**
 * The counters of streams. Within a transaction each is loaded once, changed in place, and saved with the others at the end.
 * Nothing is remembered from one transaction to the next: another process may have written in between.
 */
export class StreamTable implements CachedRows {
  readonly #select: StatementSync;
  readonly #selectWhole: StatementSync;
  readonly #selectCheckpoint: StatementSync;
  readonly #insert: StatementSync;
  readonly #update: StatementSync;
  readonly #loaded = new Map<StreamKey, StreamCounters>();

  constructor(db: DatabaseSync) {
    const counters = 'id, head, bytes, trimmed, trimmed_bytes AS trimmedBytes';
    this.#select = db.prepare(`SELECT ${counters} FROM streams WHERE key = ?`);
    // One statement, so that a trim by another process can't fall between the counters and the checkpoint.
    this.#selectWhole = db.prepare(
      `SELECT ${counters}, data AS checkpoint FROM streams LEFT JOIN checkpoints ON stream_id = id WHERE key = ?`,
    );
    this.#selectCheckpoint = db.prepare('SELECT data FROM checkpoints WHERE stream_id = ?');
    this.#insert = db.prepare('INSERT INTO streams (key) VALUES (?)');
    this.#update = db.prepare('UPDATE streams SET head = ?, bytes = ?, trimmed = ?, trimmed_bytes = ? WHERE id = ?');
  }

  /** What is in the file, for reads. */
  find(key: StreamKey): StreamRow | undefined {
    return this.#selectWhole.get(key) as unknown as StreamRow | undefined;
  }

  /** What the last trim left behind. */
  checkpoint(streamId: number): string | null {
    const data = this.#selectCheckpoint.get(streamId)?.['data'];
    return typeof data === 'string' ? data : null;
  }

  /** Counters to read or change within a transaction, `undefined` for a stream never written. */
  load(key: StreamKey): StreamCounters | undefined {
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;
    const row = this.#select.get(key) as unknown as StreamCounters | undefined;
    if (row !== undefined) this.#loaded.set(key, row);
    return row;
  }

  /** The same, for a stream that is made if it is new. */
  loadOrCreate(key: StreamKey): StreamCounters {
    const known = this.load(key);
    if (known !== undefined) return known;
    const id = Number(this.#insert.run(key).lastInsertRowid);
    const created = { id, head: 0, bytes: 0, trimmed: 0, trimmedBytes: 0 };
    this.#loaded.set(key, created);
    return created;
  }

  save(): void {
    for (const { id, head, bytes, trimmed, trimmedBytes } of this.#loaded.values()) {
      this.#update.run(head, bytes, trimmed, trimmedBytes, id);
    }
  }

  forget(): void {
    this.#loaded.clear();
  }
}

/** The row in the terms of the port; none for a stream never written. */
export function streamHead(epoch: Epoch, row: StreamRow | undefined): StreamHead {
  const { head = 0, trimmed = 0, checkpoint = null } = row ?? {};
  return { epoch, oldest: trimmed + 1, head, ...(checkpoint === null ? {} : { checkpoint }) };
}
