import type { HubStats } from '@ws/core/observe';
import { Counter, type Registry } from '@prometheus-io/client';

const LIMITS = [
  ...(['sockets', 'sockets_per_address', 'unanswered_requests'] as const),
  ...(['connections_per_address', 'json_depth'] as const),
  ...(['publish_rate', 'publish_bytes', 'large_publishes', 'history_rate', 'history_pages'] as const),
] as const;

/** A limit that holds before the hub. */
export type LimitName = (typeof LIMITS)[number];

/** Limits that the hub holds to and counts, and what it calls them. */
const OF_HUB = { open_runs: 'runLimited', json_depth: 'tooDeep', event_bytes: 'tooBig' } as const satisfies Readonly<
  Record<string, keyof HubStats>
>;

/** What was refused because it was too much; refused upgrades and closed connections are counted by their codes as well. */
export class LimitMetrics {
  readonly #refused: Counter<'limit'>;
  /** What the hub had refused when it was asked last. */
  readonly #ofHub: Partial<Record<keyof HubStats, number>> = {};

  constructor(registry: Registry) {
    this.#refused = new Counter({
      name: 'ws_limit_refusals_total',
      help: 'Connections, requests, frames and runs refused because a limit was reached, by limit',
      labelNames: ['limit'],
      registers: [registry],
    });
    // From the start: what was never refused is a zero, and not nothing.
    for (const limit of [...LIMITS, ...Object.keys(OF_HUB)]) this.#refused.inc({ limit }, 0);
  }

  /** Takes over what the hub has refused since it was asked last. */
  update(stats: HubStats): void {
    for (const [limit, counter] of Object.entries(OF_HUB)) {
      this.#refused.inc({ limit }, stats[counter] - (this.#ofHub[counter] ?? 0));
      this.#ofHub[counter] = stats[counter];
    }
  }

  refused(limit: LimitName): void {
    this.#refused.inc({ limit });
  }
}
