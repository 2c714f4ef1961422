import { Counter, type Registry } from '@prometheus-io/client';

const LIMITS = ['sockets', 'sockets_per_address', 'connections_per_address', 'publish_rate'] as const;

/** A limit that holds before the hub. */
export type LimitName = (typeof LIMITS)[number];

/** What was refused because it was too much; refused upgrades and closed connections are counted by their codes as well. */
export class LimitMetrics {
  readonly #refused: Counter<'limit'>;

  constructor(registry: Registry) {
    this.#refused = new Counter({
      name: 'ws_limit_refusals_total',
      help: 'Connections and requests refused because a limit was reached, by limit',
      labelNames: ['limit'],
      registers: [registry],
    });
    // From the start: what was never refused is a zero, and not nothing.
    for (const limit of LIMITS) this.#refused.inc({ limit }, 0);
  }

  refused(limit: LimitName): void {
    this.#refused.inc({ limit });
  }
}
