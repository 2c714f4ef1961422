import type { Hub } from '@ws/core';
import { isId } from '@ws/types';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { AddressLimit } from '../limits/address-limit.ts';
import type { ReadLimit } from '../limits/read-limit.ts';
import { eventStreamSchema, historyPageSchema } from './api/answer-schemas.ts';
import type { Operation } from './api/operation.ts';
import { wholeInQuery } from './api/query-parts.ts';
import { checkInput } from './check-input.ts';
import { MAX_PAGE, readHistoryPage } from './history-page.ts';
import type { RequestsInTurn } from './requests-in-turn.ts';
import { MAX_STREAM_MS, serveEventStream, type EventStreams } from './server-sent-events.ts';
import { EARLIER_SPELLING, fromInQuery, startIn } from './start-from.ts';
import { asReader, type StreamReader, type UserAccess } from './user-access.ts';

const MAX_THREADS = 100;

const threadId = v.custom<string>(isId, 'must be an id');

const querySchema = v.object({
  from: v.exactOptional(fromInQuery),
  limit: v.exactOptional(v.pipe(wholeInQuery(1, MAX_PAGE), v.description('of a page; default 100'))),
  thread: v.exactOptional(
    v.pipe(
      v.union([threadId, v.pipe(v.array(threadId), v.maxLength(MAX_THREADS))], 'must be an id, or several'),
      v.transform((given) => (typeof given === 'string' ? [given] : given)),
      v.description('only events of this thread, and those of no thread; may be given several times'),
    ),
  ),
  ends_after_ms: v.exactOptional(
    v.pipe(
      wholeInQuery(1_000, MAX_STREAM_MS),
      v.description(
        'after how long without a `ping` of its client a stream ends, to be asked for again; default 300000',
      ),
    ),
  ),
});

const takenSchema = v.object({ ...querySchema.entries, ...EARLIER_SPELLING });

const READING = {
  method: 'GET',
  query: querySchema,
  headers: {
    Accept: '`text/event-stream` for the stream as Server-Sent Events',
    'Last-Event-ID': '`epoch:offset` of the last event seen, where a stream goes on; stands above `from`',
  },
  answers: {
    200: {
      description: 'A page, or the stream.',
      content: { 'application/json': historyPageSchema, 'text/event-stream': eventStreamSchema },
    },
  },
  errors: [
    ...(['CREDENTIAL_EXPIRED', 'CREDENTIAL_REVOKED', 'AUTH_UNAVAILABLE', 'ORIGIN_NOT_ALLOWED'] as const),
    ...([
      'THREAD_NOT_ALLOWED',
      'RATE_LIMITED',
      'TOO_MANY_CONNECTIONS',
      'DRAINING',
      'OVERLOADED',
      'LOG_UNAVAILABLE',
    ] as const),
  ],
} as const;

export const historyOperation = {
  ...READING,
  id: 'readEvents',
  path: '/v1/users/:userId/events',
  tag: 'Users',
  summary: 'Read the stream of a user',
  description:
    'A page of history, or the stream itself. Events come as they are on the wire. A page may be short, or empty, before the end: ' +
    'read on from `next_from` until there is none. A position that is not kept any more is answered with `reset`, never patched over.',
  access: ['read', 'user'],
} as const satisfies Operation;

export const ownEventsOperation = {
  ...READING,
  id: 'readOwnEvents',
  path: '/v1/events',
  tag: 'Users',
  summary: 'Read the own stream',
  description: 'The same for the user of the credential, whoever that is: for clients where WebSockets are blocked.',
  access: ['user'],
} as const satisfies Operation;

export interface HistoryRouteOptions {
  readonly hub: Hub;
  readonly access: UserAccess;
  readonly addresses: AddressLimit;
  readonly reading: ReadLimit;
  readonly requests: RequestsInTurn;
  readonly streams: EventStreams;
}

/** `GET /v1/users/{user_id}/events` and `GET /v1/events`: a page of history, or the stream as Server-Sent Events. */
export function serveHistory(app: FastifyInstance, options: HistoryRouteOptions): void {
  const { hub, access, addresses, reading, requests, streams } = options;
  app.get<{ Params: { userId: string } }>(historyOperation.path, async (request, reply) =>
    answer(await access.reader(request, request.params.userId), request, reply),
  );
  app.get(ownEventsOperation.path, async (request, reply) =>
    answer(asReader(await access.user(request)), request, reply),
  );

  async function answer(
    { authentication, reader, isKeyGood }: StreamReader,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<unknown> {
    const { epoch, after, from, ...rest } = checkInput(takenSchema, request.query, 'query');
    const query = { ...rest, from: startIn({ from, epoch, after }) };
    if (request.headers.accept?.includes('text/event-stream') === true) {
      serveEventStream({ hub, addresses, requests, streams, reader: authentication, isKeyGood, query, request, reply });
      return reply;
    }
    const { json } = await reading.page(reader, reply.raw, () => readHistoryPage(hub, authentication, query));
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8');
    return json;
  }
}
