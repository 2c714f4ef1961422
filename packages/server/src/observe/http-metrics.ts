import { Histogram, type Registry } from '@prometheus-io/client';
import type { FastifyInstance } from 'fastify';

/** Measures every answered request, under the pattern of its route: what stands in an address is never a label. */
export function createRequestMetrics(registry: Registry): (app: FastifyInstance) => void {
  const durations = new Histogram({
    name: 'ws_http_request_duration_seconds',
    help: 'From a request to the end of its answer; event streams are not in it',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return (app) => {
    app.addHook('onResponse', async (request, reply) => {
      if (isEventStream(reply.raw.getHeader('content-type'))) return;
      const { method } = request;
      const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
      // What the fallback answered has its status there.
      durations.observe({ method, route, status: reply.raw.statusCode }, reply.elapsedTime / 1_000);
    });
  };
}

function isEventStream(contentType: unknown): boolean {
  return typeof contentType === 'string' && contentType.startsWith('text/event-stream');
}
