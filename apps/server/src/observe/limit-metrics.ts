import { Counter, type Registry } from '@prometheus-io/client';

/** A limit that holds before the hub. */
export type LimitName = 'sockets' | 'sockets_per_address' | 'connections_per_address' | 'publish_rate';

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
  }

  refused(limit: LimitName): void {
    this.#refused.inc({ limit });
  }
}
