import type { Logger } from 'pino';

/** One process of the pool. */
export interface PoolWorker {
  onListening(listener: (url: string) => void): void;
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  kill(signal: NodeJS.Signals): void;
}

export interface WorkerPoolOptions {
  readonly count: number;
  readonly logger: Logger;
  start(): PoolWorker;
  /** Runs `task` after a while. */
  readonly after: (ms: number, task: () => void) => void;
  /** Milliseconds, since whenever. */
  readonly now: () => number;
}

const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 30_000;
/** A worker that lived this long was well: the next crash is the first again. */
const STEADY_MS = 60_000;

/**
 * Keeps a number of workers running. One that crashes is started again, each time after a longer wait; one that ends before it ever
 * listened ends them all, because whatever is wrong is wrong with every one.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #running = new Set<PoolWorker>();
  readonly #listening = new Set<PoolWorker>();
  #crashes = 0;
  #stopping = false;
  #everListened = false;
  #onReady: ((url: string) => void) | undefined;
  #onEnd: ((code: number) => void) | undefined;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
  }

  /**
   * Starts the workers. Resolves with the address when all of them listen.
   *
   * @param onEnd - called once when no worker is left, with the exit code of the pool
   */
  run(onEnd: (code: number) => void): Promise<string> {
    this.#onEnd = onEnd;
    return new Promise((resolve) => {
      this.#onReady = resolve;
      for (let n = 0; n < this.#options.count; n += 1) this.#start();
    });
  }

  /** Has every worker drain and end. A second call hurries them. */
  stop(): void {
    this.#stopping = true;
    this.signal('SIGTERM');
    this.#endIfEmpty(0);
  }

  signal(name: NodeJS.Signals): void {
    for (const worker of this.#running) worker.kill(name);
  }

  #start(): void {
    if (this.#stopping) return;
    const worker = this.#options.start();
    const startedAt = this.#options.now();
    this.#running.add(worker);
    worker.onListening((url) => {
      this.#listening.add(worker);
      if (this.#listening.size < this.#options.count) return;
      this.#everListened = true;
      this.#onReady?.(url);
      this.#onReady = undefined;
    });
    worker.onExit((code, signal) => this.#ended(worker, startedAt, code, signal));
  }

  #ended(worker: PoolWorker, startedAt: number, code: number | null, signal: string | null): void {
    this.#running.delete(worker);
    this.#listening.delete(worker);
    const { logger, after, now } = this.#options;
    if (!this.#stopping && !this.#everListened) {
      // It has said on standard error what is wrong.
      this.#stopping = true;
      this.signal('SIGTERM');
      this.#onEnd = this.#endWith(1);
    }
    if (this.#stopping) {
      this.#endIfEmpty(code === 0 || signal === 'SIGTERM' ? 0 : 1);
      return;
    }
    if (now() - startedAt >= STEADY_MS) this.#crashes = 0;
    const waitMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** this.#crashes);
    this.#crashes += 1;
    logger.error({ code, signal, restartInMs: waitMs }, 'a worker ended unasked: another takes its place');
    after(waitMs, () => this.#start());
  }

  #endWith(code: number): ((ignored: number) => void) | undefined {
    const end = this.#onEnd;
    return end === undefined ? undefined : () => end(code);
  }

  #endIfEmpty(code: number): void {
    if (this.#running.size > 0) return;
    const end = this.#onEnd;
    this.#onEnd = undefined;
    end?.(code);
  }
}
