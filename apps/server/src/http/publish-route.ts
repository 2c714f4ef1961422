import type { Hub } from '@ws/core';
import { WebSocketError, type EventInput } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import { checkInput } from './check-input.ts';

const MAX_EVENTS = 1_000;
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
export function servePublish(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys): void {
  app.post<{ Params: { userId: string } }>(
    '/v1/users/:userId/events',
    { onRequest: async (request) => apiKeys.require(request.headers, 'publish') },
    async (request) => {
      const { events } = checkInput(bodySchema, request.body, 'body');
      const { refusal } = hub;
      if (refusal?.code === 'DRAINING') throw new WebSocketError('DRAINING', GOING_AWAY);
      const manager = hub.manager({ userId: request.params.userId });
      const receipts = await manager.emitAll(events as EventInput[]);
      return { epoch: receipts[0]?.epoch, offsets: receipts.map((receipt) => receipt.offset) };
    },
  );
}
