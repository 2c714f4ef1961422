import type { RunLease, RunLeases } from './event-log.ts';

/** Run leases in the memory of this process. */
export class MemoryLeases implements RunLeases {
  readonly #leases = new Map<string, RunLease>();

  set(leases: readonly RunLease[]): void {
    for (const lease of leases) this.#leases.set(keyOf(lease), lease);
  }

  delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): void {
    for (const lease of leases) this.#leases.delete(keyOf(lease));
  }

  expired(now: number, limit: number): readonly RunLease[] {
    return [...this.#leases.values()]
      .filter((lease) => lease.expiresAt <= now)
      .sort((a, b) => a.expiresAt - b.expiresAt)
      .slice(0, limit);
  }
}

// Ids hold no white space, so the pair can't be confused with another.
function keyOf(lease: Pick<RunLease, 'stream' | 'runId'>): string {
  return `${lease.stream}\n${lease.runId}`;
}
