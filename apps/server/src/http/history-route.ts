import type { Authentication, HistoryPage, Hub, UnifiedWebSocketManager } from '@ws/core';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { ApiKeys } from '../auth/api-keys.ts';
import type { UserCredentials } from '../auth/user-credentials.ts';
import type { AddressLimit } from '../limits/address-limit.ts';
import { checkInput } from './check-input.ts';
import { authorizeReader } from './reader-access.ts';
import { serveEventStream } from './server-sent-events.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;

const whole = (min: number, max: number) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,15}$/, 'must be a whole number'),
    v.transform(Number),
    v.minValue(min, `must be at least ${min}`),
    v.maxValue(max, `must be at most ${max}`),
  );

const querySchema = v.object({
  epoch: v.exactOptional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
  after: v.exactOptional(whole(0, Number.MAX_SAFE_INTEGER)),
  limit: v.exactOptional(whole(1, MAX_LIMIT)),
});

/** `GET /v1/users/{user_id}/events`: a page of history, or the stream as Server-Sent Events. */
export function serveHistory(
  app: FastifyInstance,
  hub: Hub,
  apiKeys: ApiKeys,
  credentials: UserCredentials,
  addresses: AddressLimit,
): void {
  app.get<{ Params: { userId: string } }>('/v1/users/:userId/events', async (request, reply) => {
    const { userId } = request.params;
    const reader = await authorizeReader(request, userId, apiKeys, credentials);
    const query = checkInput(querySchema, request.query, 'query');
    if (request.headers.accept?.includes('text/event-stream') === true) {
      serveEventStream(hub, addresses, reader, query, request, reply);
      return reply;
    }
    return readPage(hub, reader, query);
  });
}

async function readPage(
  hub: Hub,
  reader: Authentication,
  { epoch, after = 0, limit = DEFAULT_LIMIT }: v.InferOutput<typeof querySchema>,
): Promise<object> {
  const manager = hub.manager({ userId: reader.userId });
  const position = await manager.position();
  // As on the wire: a position of another epoch, or ahead of the stream, means nothing here, and the reader is told.
  const isKnown = (epoch === undefined || epoch === position.epoch) && after <= position.offset;
  const page = await readInView(manager, isKnown ? after : 0, limit, reader.threads);
  const isKept = isKnown && after >= page.oldestOffset - 1;
  return {
    epoch: page.epoch,
    oldest_offset: page.oldestOffset,
    head_offset: page.headOffset,
    recovery: isKept ? 'resumed' : 'reset',
    events: page.events,
  };
}

/** Reads on past what the reader may not see: an empty page means the end of the stream, for every reader. */
async function readInView(
  manager: UnifiedWebSocketManager,
  after: number,
  limit: number,
  threads: readonly string[] | undefined,
): Promise<HistoryPage> {
  const first = await manager.history({ after, limit });
  if (threads === undefined) return first;
  const events: HistoryPage['events'][number][] = [];
  let page = first;
  while (page.events.length > 0 && page.epoch === first.epoch) {
    events.push(...page.events.filter(({ thread_id }) => thread_id === undefined || threads.includes(thread_id)));
    if (events.length >= limit) break;
    page = await manager.history({ after: page.events.at(-1)?.offset ?? after, limit: MAX_LIMIT });
  }
  return { ...first, events: events.slice(0, limit) };
}
