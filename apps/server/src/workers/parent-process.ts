import type { AnnouncedRevocation } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import type { GatherMetrics, MetricsSnapshot } from '@ws/server';
import { Questions } from './questions.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

/** More than the parent waits for a worker that hangs. */
const PATIENCE_MS = 5_000;

/** The parent of this worker, as the worker sees it. */
export class ParentProcess {
  readonly #questions = new Questions<string>(PATIENCE_MS);
  #own: (() => Promise<MetricsSnapshot>) | undefined;
  /** Those that came before there was a hub to learn of them. */
  readonly #early: AnnouncedRevocation[] = [];
  #onRevoked = (revocation: AnnouncedRevocation): void => void this.#early.push(revocation);

  constructor() {
    process.on('message', (message: ToWorker) => this.#hear(message));
  }

  /** Tells it where this worker listens. */
  tellListening(url: string): void {
    this.#tell({ kind: 'listening', url });
  }

  /** Has it tell the other workers of a revocation. */
  tellRevoked(revocation: AnnouncedRevocation): void {
    this.#tell({ kind: 'revoked', revocation });
  }

  /** Calls `listener` with what the other workers have revoked. */
  onRevoked(listener: (revocation: AnnouncedRevocation) => void): void {
    this.#onRevoked = listener;
    for (const revocation of this.#early.splice(0)) listener(revocation);
  }

  /** Tells it the metrics of this worker when it asks, and asks it for those of all. */
  readonly gatherMetrics: GatherMetrics = (own) => {
    this.#own = own;
    return async () => {
      const page = await this.#questions.ask((id) => this.#tell({ kind: 'gather_metrics', id }));
      if (page !== undefined) return page;
      throw new WebSocketError('INTERNAL', 'the parent of the workers does not answer');
    };
  };

  #hear(message: ToWorker): void {
    switch (message.kind) {
      case 'report_metrics':
        return void this.#report(message.id);
      case 'gathered_metrics':
        return this.#questions.answered(message.id, message.page);
      case 'revoked':
        return this.#onRevoked(message.revocation);
    }
  }

  async #report(id: number): Promise<void> {
    const metrics = await this.#own?.().catch(() => undefined);
    this.#tell({ kind: 'metrics', id, metrics });
  }

  #tell(message: FromWorker): void {
    if (process.connected) process.send?.(message);
  }
}
