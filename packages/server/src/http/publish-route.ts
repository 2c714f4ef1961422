import { SpanKind } from '@opentelemetry/api';
import type { Hub } from '@ws/core';
import { WebSocketError, type EventInput } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import { inSpan, type SpanSettings } from '../observe/spans.ts';
import { contextOf, toTraceparent } from '../observe/trace-context.ts';
import { MAX_EVENTS, type PublishLimit } from '../limits/publish-limit.ts';
import { publishedSchema } from './api/answer-schemas.ts';
import { eventInputSchema } from './api/event-input-schema.ts';
import { json, type Operation, type Schema } from './api/operation.ts';
import { checkInput } from './check-input.ts';

const GOING_AWAY = 'the server is going away: publish again, under the same event_id';

const bodyOf = <Event extends Schema>(event: Event) =>
  v.object({
    events: v.pipe(
      v.array(event),
      v.minLength(1, 'must hold at least one event'),
      v.maxLength(MAX_EVENTS, `must hold at most ${MAX_EVENTS} events`),
    ),
  });

// Each event is checked by the hub, against the schema of its type.
const bodySchema = bodyOf(v.unknown());

export const publishOperation = {
  id: 'publishEvents',
  method: 'POST',
  path: '/v1/users/:userId/events',
  tag: 'Publishers',
  summary: 'Publish events to a user',
  description:
    'Appends all of them or none, and answers when they are in the log. The same `event_id` again is the same event and gets the ' +
    'offset it got first. The order of a run is checked: a result without its call is refused with 409.',
  access: ['publish'],
  headers: { traceparent: 'trace context of W3C, for events that bring none of their own' },
  body: bodySchema,
  bodyDescribed: bodyOf(eventInputSchema),
  bodyExample: {
    events: [
      { type: 'agent_started', event_id: 'e1', thread_id: 't1', run_id: 'r1', payload: { agent_name: 'analyst' } },
      { type: 'agent_thinking', event_id: 'e2', run_id: 'r1', payload: { delta: 'Look' } },
    ],
  },
  answers: { 200: json('All events are in the log.', publishedSchema) },
  errors: [
    ...(['BAD_JSON', 'INVALID_USER_ID', 'INVALID_EVENT', 'UNKNOWN_EVENT_TYPE', 'RESERVED_EVENT_TYPE'] as const),
    ...(['RUN_NOT_OPEN', 'RUN_ALREADY_STARTED', 'RUN_ALREADY_COMPLETED', 'RUN_THREAD_MISMATCH'] as const),
    ...(['TOOL_CALL_NOT_EXECUTING', 'TOOL_CALL_ALREADY_EXECUTING', 'TOOL_CALLS_OPEN', 'RUN_LIMIT'] as const),
    ...([
      'ID_CONFLICT',
      'MESSAGE_TOO_BIG',
      'EVENT_TOO_BIG',
      'DRAINING',
      'LOG_UNAVAILABLE',
      'SPILL_FULL',
      'EMIT_TIMEOUT',
    ] as const),
  ],
} as const satisfies Operation;

/** `POST /v1/users/{user_id}/events`: any process, in any language, publishes to a user. */
export function servePublish(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys, limit: PublishLimit): void {
  app.post<{ Params: { userId: string } }>(
    publishOperation.path,
    // Before the body is read: without a key nobody makes the server parse anything.
    {
      onRequest: async (request, reply) => {
        const { id: keyId } = apiKeys.require(request.headers, 'publish');
        const length = request.headers['content-length'];
        const known = length === undefined ? undefined : Number(length);
        request.beforeParsing = limit.begin({ keyId, length: known, response: reply.raw });
      },
    },
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
