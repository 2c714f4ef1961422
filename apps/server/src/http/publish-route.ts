import { SpanKind } from '@opentelemetry/api';
import type { Hub } from '@ws/core';
import { WebSocketError, type EventInput } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import { inSpan, type SpanSettings } from '../observe/spans.ts';
import { contextOf, toTraceparent } from '../observe/trace-context.ts';
import { MAX_EVENTS, type PublishLimit } from '../limits/publish-limit.ts';
import { checkInput } from './check-input.ts';

const GOING_AWAY = 'the server is going away: publish again, under the same event_id';

const bodySchema = v.object({
  // Each event is checked by the hub, against the schema of its type.
  events: v.pipe(
    v.array(v.unknown()),
    v.minLength(1, 'must hold at least one event'),
    v.maxLength(MAX_EVENTS, `must hold at most ${MAX_EVENTS} events`),
  ),
});

/** `POST /v1/users/{user_id}/events`: any process, in any language, publishes to a user. */
export function servePublish(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys, limit: PublishLimit): void {
  app.post<{ Params: { userId: string } }>(
    '/v1/users/:userId/events',
    // Before the body is read: without a key nobody makes the server parse anything.
    { onRequest: async (request) => apiKeys.require(request.headers, 'publish') },
    async (request) => {
      const { events } = checkInput(bodySchema, request.body, 'body');
      limit.take(apiKeys.require(request.headers, 'publish').id, events.length);
      const { refusal } = hub;
      if (refusal?.code === 'DRAINING') throw new WebSocketError('DRAINING', GOING_AWAY);
      const manager = hub.manager({ userId: request.params.userId });
      const settings = { ...publishSpan(events.length), parent: contextOf(request.headers) };
      const receipts = await inSpan('publish', settings, async (span) =>
        manager.emitAll(traced(events, toTraceparent(span.spanContext())) as EventInput[]),
      );
      return { epoch: receipts[0]?.epoch, offsets: receipts.map((receipt) => receipt.offset) };
    },
  );
}

function publishSpan(events: number): Pick<SpanSettings, 'kind' | 'attributes'> {
  const attributes = {
    'messaging.system': 'agent-events',
    'messaging.operation.name': 'publish',
    'messaging.batch.message_count': events,
  };
  return { kind: SpanKind.PRODUCER, attributes };
}

/** The events, each with the trace of the request unless it brings one of its own. What is no object is left for the hub to refuse. */
function traced(events: readonly unknown[], traceparent: string | undefined): readonly unknown[] {
  if (traceparent === undefined) return events;
  return events.map((event) =>
    typeof event === 'object' && event !== null && !('traceparent' in event) ? { ...event, traceparent } : event,
  );
}
