import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import type { Hub } from '@ws/core';
import type { TimingSink } from '@ws/core/observe';
import type { FastifyInstance } from 'fastify';
import { HubMetrics } from './hub-metrics.ts';
import { createRequestMetrics } from './http-metrics.ts';
import { LimitMetrics } from './limit-metrics.ts';
import type { GatherMetrics } from './metrics-snapshot.ts';
import { SocketMetrics } from './socket-metrics.ts';
import { createTimingSink } from './timings.ts';

/** The metrics of one server, in a registry of its own. Ids of users, threads and runs are never labels. */
export class ServerMetrics {
  readonly registry = new Registry();
  readonly sockets = new SocketMetrics(this.registry);
  readonly limits = new LimitMetrics(this.registry);
  /** For the hub. */
  readonly onTiming: TimingSink = createTimingSink(this.registry);
  readonly #hub = new HubMetrics(this.registry);
  readonly #measureRequests = createRequestMetrics(this.registry);

  constructor() {
    // A look at the load every second, not ten times: an idle service sleeps.
    collectDefaultMetrics({ register: this.registry, eventLoopUtilizationTimeout: 1_000 });
  }

  /**
   * Measures requests, and serves `GET /metrics` for Prometheus.
   *
   * @param gather - where this process is one of several, and any of them answers for all
   */
  serve(app: FastifyInstance, hub: Hub, gather?: GatherMetrics): void {
    this.#measureRequests(app);
    const update = async (): Promise<void> => {
      await this.#hub.update(hub);
      this.sockets.update();
      this.limits.update(hub.stats());
    };
    const ofAll = gather?.(async () => {
      await update();
      return this.registry.getMetricsAsJSON();
    });
    app.get('/metrics', async (_request, reply) => {
      reply.type(this.registry.contentType);
      if (ofAll !== undefined) return ofAll();
      await update();
      return this.registry.metrics();
    });
  }
}
