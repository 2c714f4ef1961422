import type { Hub, HubStats } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';

const GAUGES = [
  ['ws_connections', 'Open sockets, also those that have not said hello yet', 'connections'],
  ['ws_streams_in_memory', 'User streams held in memory', 'streams'],
] as const;

const COUNTERS = [
  ['ws_events_appended_total', 'Events written to the log', 'appended'],
  ['ws_events_refused_total', 'Events refused: bad shape, wrong run order, log away', 'refused'],
  ['ws_event_frames_sent_total', 'Event frames handed to sockets; a merged frame counts once', 'delivered'],
  ['ws_connections_opened_total', 'Connections that said a good hello', 'connected'],
  ['ws_connections_lagged_total', 'Times a connection fell behind its outbound budget', 'lagged'],
  ['ws_runs_interrupted_total', 'Runs ended because their lease lapsed', 'interrupted'],
] as const satisfies readonly (readonly [string, string, keyof HubStats])[];

/** `GET /metrics` for Prometheus. User ids are never labels. */
export function serveMetrics(app: FastifyInstance, hub: Hub): void {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const [name, help, key] of GAUGES) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(hub.stats()[key]);
      },
    });
  }
  for (const [name, help, key] of COUNTERS) {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(hub.stats()[key]);
      },
    });
  }
  app.get('/metrics', async (_request, reply) => {
    reply.type(registry.contentType);
    return registry.metrics();
  });
}
