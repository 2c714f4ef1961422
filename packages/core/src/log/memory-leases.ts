import { runKey, type RunKey } from '../run/run-key.ts';
import type { RunLease, RunLeases } from './event-log.ts';

/** Run leases in the memory of this process. */
export class MemoryLeases implements RunLeases {
  readonly #leases = new Map<RunKey, RunLease>();

  set(leases: readonly RunLease[]): void {
    for (const lease of leases) this.#leases.set(runKey(lease.stream, lease.runId), lease);
  }

  add(leases: readonly RunLease[]): void {
    this.set(leases.filter(({ stream, runId }) => !this.#leases.has(runKey(stream, runId))));
  }

  delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): void {
    for (const { stream, runId } of leases) this.#leases.delete(runKey(stream, runId));
  }

  expired(now: number, limit: number): readonly RunLease[] {
    return [...this.#leases.values()]
      .filter((lease) => lease.expiresAt <= now)
      .sort((a, b) => a.expiresAt - b.expiresAt)
      .slice(0, limit);
  }
}
