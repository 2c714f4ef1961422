import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FileMark } from './file-mark.ts';
import type { CachedRows } from './group-commit.ts';

/**
 * Numbers the events of a file in the order of their arrival, whatever their stream. No number is given twice, also where the
 * newest rows were deleted: whoever has seen the events up to a number finds every later one by it.
 */
export class Arrivals implements CachedRows {
  readonly #select: StatementSync;
  readonly #update: StatementSync;
  readonly #mark: Pick<FileMark, 'saw'>;
  #saved: number | undefined;
  #newest = 0;

  constructor(db: DatabaseSync, mark: Pick<FileMark, 'saw'>) {
    this.#mark = mark;
    // Code of schema 1, after which a deployment may come back, numbers events and does not keep the newest number.
    this.#select = db.prepare('SELECT max(newest, coalesce((SELECT max(seq) FROM events), 0)) AS newest FROM arrivals');
    this.#update = db.prepare('UPDATE arrivals SET newest = ?');
  }

  /** The number of the newest event in the file; within a transaction, of the newest one written in it. */
  newest(): number {
    return this.#saved === undefined ? this.#read() : this.#newest;
  }

  /** The number of the next event; within a transaction. */
  next(): number {
    if (this.#saved === undefined) this.#newest = this.#saved = this.#read();
    return this.#newest + 1;
  }

  /** An event was written with the number that `next` gave. */
  taken(): void {
    this.#newest += 1;
  }

  save(): void {
    if (this.#saved !== undefined && this.#newest > this.#saved) this.#update.run(this.#newest);
  }

  committed(): void {
    if (this.#saved !== undefined && this.#newest > this.#saved) this.#mark.saw(this.#newest);
  }

  forget(): void {
    this.#saved = undefined;
  }

  #read(): number {
    return Number(this.#select.get()?.['newest'] ?? 0);
  }
}
