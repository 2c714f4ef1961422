import cluster, { type Worker } from 'node:cluster';
import type { AnnouncedRevocation } from '@ws/core/log';
import type { MetricsSnapshot } from '@ws/server';
import type { MeasuredWorker, PoolMetrics } from './pool-metrics.ts';
import { Questions } from './questions.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import type { PoolWorker } from './worker-pool.ts';

/** A worker is busy for moments, not for seconds. */
const PATIENCE_MS = 2_000;

/** A worker as its parent sees it. */
export class WorkerProcess implements PoolWorker, MeasuredWorker {
  readonly #worker: Worker;
  readonly #pool: PoolMetrics;
  readonly #questions = new Questions<MetricsSnapshot>(PATIENCE_MS);
  #onListening: (url: string) => void = () => undefined;
  #onRevoked: (revocation: AnnouncedRevocation) => void = () => undefined;

  constructor(env: Readonly<Record<string, string>>, pool: PoolMetrics) {
    this.#pool = pool;
    this.#worker = cluster.fork(env);
    this.#worker.on('message', (message: FromWorker) => this.#hear(message));
    this.#worker.on('exit', () => {
      this.#pool.leave(this);
      this.#questions.giveUp();
    });
  }

  onListening(listener: (url: string) => void): void {
    this.#onListening = listener;
  }

  onExit(listener: (code: number | null, signal: string | null) => void): void {
    this.#worker.on('exit', listener);
  }

  /** Calls `listener` with what this worker has revoked and could not write. */
  onRevoked(listener: (revocation: AnnouncedRevocation) => void): void {
    this.#onRevoked = listener;
  }

  /** Tells it what another worker has revoked. */
  tellRevoked(revocation: AnnouncedRevocation): void {
    this.#tell({ kind: 'revoked', revocation });
  }

  kill(signal: NodeJS.Signals): void {
    this.#worker.process.kill(signal);
  }

  metrics(): Promise<MetricsSnapshot | undefined> {
    return this.#questions.ask((id) => this.#tell({ kind: 'report_metrics', id }));
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'listening':
        this.#pool.join(this);
        return this.#onListening(message.url);
      case 'metrics':
        return this.#questions.answered(message.id, message.metrics);
      case 'gather_metrics':
        return void this.#answerWithPage(message.id);
      case 'revoked':
        return this.#onRevoked(message.revocation);
    }
  }

  async #answerWithPage(id: number): Promise<void> {
    // A fault here is one of a page of numbers: no worker may end for it. Who asked says that there was no answer.
    const page = await this.#pool.page().catch(() => undefined);
    if (page !== undefined) this.#tell({ kind: 'gathered_metrics', id, page });
  }

  #tell(message: ToWorker): void {
    // To one that ends at this moment nothing is to be told: whoever waits for its answer hears of its exit.
    if (this.#worker.isConnected()) this.#worker.process.send(message, () => undefined);
  }
}
