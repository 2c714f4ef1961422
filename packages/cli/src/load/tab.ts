import type { Client } from '@ws/client';
import { Refused } from '../api/call.ts';
import { failureOf } from '../api/user-client.ts';
import type { Failure } from '../failure.ts';
import type { Latencies } from './latencies.ts';

/** One connection of the load test: what it received, once or more often. */
export class Tab {
  readonly user: number;
  /** Resolves when it is connected and has caught up. Rejects where it is clear that this won't happen. */
  readonly live: Promise<void>;
  /** Events that came a second time. */
  repeated = 0;
  /** The last thing that went wrong. */
  failure: Failure | undefined;
  readonly #client: Client;
  readonly #seen = new Set<number>();
  /** Events that the service did not take: they don't have to come. */
  readonly #excused = new Set<number>();

  constructor(client: Client, user: number, run: string, latencies: Latencies) {
    this.user = user;
    this.#client = client;
    client.on('*', (event) => {
      // Events of the load test alone; another publisher may write to the same service.
      const payload = event.payload as object as Readonly<Record<string, unknown>>;
      if (payload['run'] !== run) return;
      const n = Number(payload['n']);
      if (this.#seen.has(n)) this.repeated += 1;
      this.#seen.add(n);
      latencies.record(performance.now() - Number(payload['at']));
    });
    this.live = new Promise((resolve, reject) => {
      client.on('state', ({ status }) => {
        if (status === 'live') resolve();
      });
      client.on('error', (error) => {
        this.failure = failureOf(error);
        // A service that is away now may come, one that says no will say so again.
        if (this.failure instanceof Refused && this.failure.isFinal) reject(this.failure);
      });
    });
    client.connect();
  }

  get received(): number {
    return this.#seen.size;
  }

  /** Where it stands, and why. */
  get state(): string {
    return this.failure?.message ?? this.#client.state.status;
  }

  /** An event was refused. */
  excuse(n: number): void {
    this.#excused.add(n);
  }

  /** Of `sent` events, those that are not here. */
  missing(sent: number): number {
    let excused = 0;
    for (const n of this.#excused) if (!this.#seen.has(n)) excused += 1;
    return Math.max(0, sent - excused - this.#seen.size);
  }
}
