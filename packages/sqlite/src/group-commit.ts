import { isWebSocketError } from '@ws/types';
import type { DatabaseFile } from './database-file.ts';
import { closedFault, logFault } from './log-fault.ts';
import { inTransaction } from './transaction.ts';

interface Job {
  readonly weight: number;
  readonly run: () => void;
  readonly settle: () => void;
  readonly fail: (error: unknown) => void;
}

/** Rows that are changed in memory within a transaction, and written at its end. */
export interface CachedRows {
  /** Writes what was changed; the last step of a transaction. */
  save(): void;
  /** What was written is in the file. */
  committed?(): void;
  /** Forgets what was loaded; after the transaction, whatever became of it. */
  forget(): void;
}

/** Weight of the jobs, in rows about, that one transaction takes: what the event loop may be held up by at a time. */
const MAX_WEIGHT = 2_048;

/**
 * Runs writes in transactions that are shared: what is asked for in one turn of the event loop is one commit, one sync of the
 * disk. Each write is still all or nothing on its own: if one fails, the others are done again without it.
 */
export class GroupCommit {
  readonly #file: DatabaseFile;
  readonly #cached: readonly CachedRows[];
  readonly #soon: (task: () => void) => void;
  #jobs: Job[] = [];
  #scheduled = false;
  #failing = false;
  #closed = false;

  constructor(file: DatabaseFile, cached: readonly CachedRows[], soon: (task: () => void) => void) {
    this.#file = file;
    this.#cached = cached;
    this.#soon = soon;
  }

  /** Whether the last transaction failed. */
  get failing(): boolean {
    return this.#failing;
  }

  /**
   * Queues a write.
   *
   * @param weight - rows it touches, about
   * @param run - does it, within the transaction; may be run again after a rollback
   * @param committed - told of the result after the commit, before the promise is settled
   */
  submit<Result>(weight: number, run: () => Result, committed?: (result: Result) => void): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      if (this.#closed) return reject(closedFault(this.#file.path));
      let result: Result;
      this.#jobs.push({
        weight,
        run: () => {
          result = run();
        },
        settle: () => {
          committed?.(result);
          resolve(result);
        },
        fail: reject,
      });
      this.#schedule();
    });
  }

  /** Does now what is queued, and refuses what comes later. */
  close(): void {
    while (this.#jobs.length > 0) this.#commit(this.#take());
    this.#closed = true;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#soon(() => {
      this.#scheduled = false;
      this.#commit(this.#take());
      if (this.#jobs.length > 0) this.#schedule();
    });
  }

  #take(): Job[] {
    let weight = 0;
    const end = this.#jobs.findIndex((job, index) => {
      weight += job.weight;
      return index > 0 && weight > MAX_WEIGHT;
    });
    return this.#jobs.splice(0, end === -1 ? this.#jobs.length : end);
  }

  #commit(jobs: readonly Job[]): void {
    if (jobs.length === 0) return;
    try {
      this.#transact(jobs);
      this.#failing = false;
    } catch (error) {
      this.#failing = true;
      const fault = logFault(error, this.#file.path);
      // Where the file itself is out of reach every write is, and trying each would wait for the lock each time.
      if (jobs.length === 1 || (isWebSocketError(fault) && fault.code === 'LOG_UNAVAILABLE')) {
        for (const job of jobs) job.fail(fault);
      } else {
        for (const job of jobs) this.#commit([job]);
      }
      return;
    }
    for (const job of jobs) job.settle();
  }

  #transact(jobs: readonly Job[]): void {
    this.#file.assertInPlace();
    try {
      inTransaction(this.#file.db, () => {
        for (const job of jobs) job.run();
        for (const rows of this.#cached) rows.save();
      });
      for (const rows of this.#cached) rows.committed?.();
    } finally {
      for (const rows of this.#cached) rows.forget();
    }
  }
}
