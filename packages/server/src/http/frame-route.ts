import type { Hub } from '@ws/core';
import type { Authentication, RequestFrame } from '@ws/core/internal';
import { CLIENT_FRAME_SCHEMAS, isId, WebSocketError, type AckFrame } from '@ws/types';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { acceptedSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';
import type { EventStreams } from './server-sent-events.ts';
import type { UserAccess } from './user-access.ts';

const { user_message, cancel_run, tool_approval, read_approval, ack } = CLIENT_FRAME_SCHEMAS;
const id = v.custom<string>(isId, 'must be an id');
const ping = v.object({
  type: v.literal('ping'),
  connection_id: v.pipe(id, v.description('of the event stream that is still read, as `connection_ready` said')),
});
const FRAMES = { user_message, cancel_run, tool_approval, read_approval, ack, ping };

const querySchema = v.object({
  user_id: v.exactOptional(
    v.pipe(
      id,
      v.description('who the frame is from, as `connection_ready` said: the credential of another user is refused'),
    ),
  ),
});

export const frameOperation = {
  id: 'sendFrame',
  method: 'POST',
  path: '/v1/frames',
  tag: 'Users',
  summary: 'Send a frame',
  description:
    'What a user sends over a WebSocket, for clients where these are blocked: a message, the cancellation of a run, the answer to an ' +
    'approval, an acknowledgement. It has effect once, by whatever way and however often it comes. A `ping` says that an event stream is ' +
    'still read, and has to reach the process that serves the stream. `hello`, `auth` and `set_threads` belong to a connection.',
  access: ['user'],
  query: querySchema,
  body: v.union([user_message, cancel_run, tool_approval, read_approval, ack, ping]),
  bodyExample: { type: 'user_message', message_id: 'm1', payload: { text: 'Where do we lose money?' } },
  answers: {
    200: json('The frame `accepted`.', acceptedSchema),
    204: { description: 'An acknowledgement or a ping has no answer.' },
  },
  errors: [
    ...(['CREDENTIAL_EXPIRED', 'CREDENTIAL_REVOKED', 'AUTH_UNAVAILABLE', 'ORIGIN_NOT_ALLOWED'] as const),
    ...(['USER_CHANGED', 'NOT_FOUND'] as const),
    ...(['BAD_JSON', 'UNKNOWN_FRAME', 'INVALID_FRAME', 'MESSAGE_TOO_BIG', 'THREAD_NOT_ALLOWED', 'NO_AGENT'] as const),
    ...(['RUN_LIMIT', 'RUN_NOT_OPEN', 'RUN_ALREADY_COMPLETED', 'APPROVAL_NOT_PENDING'] as const),
    ...(['DRAINING', 'LOG_UNAVAILABLE', 'SPILL_FULL', 'EMIT_TIMEOUT'] as const),
  ],
} as const satisfies Operation;

export interface FrameRouteOptions {
  readonly hub: Hub;
  readonly access: UserAccess;
  readonly streams: EventStreams;
  /** Length of a frame, in bytes. */
  readonly maxMessageBytes: number;
}

/** `POST /v1/frames`: what users ask for without a connection. */
export function serveFrames(app: FastifyInstance, { hub, access, streams, maxMessageBytes }: FrameRouteOptions): void {
  const users = new WeakMap<FastifyRequest, Authentication>();
  // Before the body is read: a client without a credential must not make the server parse anything.
  const onRequest = async (request: FastifyRequest): Promise<void> => {
    users.set(request, await sender(request));
  };
  app.post(frameOperation.path, { bodyLimit: maxMessageBytes, onRequest }, async (request, reply) => {
    const user = users.get(request) ?? (await sender(request));
    reply.header('cache-control', 'no-store');
    const frame = readFrame(request.body);
    if (frame.type === 'ping') streams.acknowledge(frame.connection_id, user.userId);
    else if (frame.type === 'ack') await hub.requests.acknowledge(frame.offset, user);
    else return hub.requests.handle(frame, user);
    return reply.code(204).send();
  });

  async function sender(request: FastifyRequest): Promise<Authentication> {
    const user = await access.user(request);
    const { user_id: from = user.userId } = checkInput(querySchema, request.query, 'query');
    if (from === user.userId) return user;
    throw new WebSocketError('USER_CHANGED', 'the credential belongs to another user than the one in user_id');
  }
}

/** Throws `UNKNOWN_FRAME`, `INVALID_FRAME`. */
function readFrame(body: unknown): RequestFrame | AckFrame | v.InferOutput<typeof ping> {
  const given = typeof body === 'object' && body !== null ? body : {};
  const type = 'type' in given ? given.type : undefined;
  // A ping that names no stream is one for a WebSocket.
  const isForSocket = type === 'ping' && !('connection_id' in given);
  if (typeof type !== 'string' || !isTaken(type) || isForSocket) {
    const taken = Object.keys(FRAMES).join(', ');
    throw new WebSocketError('UNKNOWN_FRAME', `the type of the frame must be one of ${taken} (with connection_id)`);
  }
  const result = v.safeParse(FRAMES[type], body, {
    abortEarly: true,
  });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const field = v.getDotPath(issue);
  throw new WebSocketError('INVALID_FRAME', `${type}: ${field === null ? '' : `field ${field}: `}${issue.message}`);
}

function isTaken(type: string): type is keyof typeof FRAMES {
  return Object.hasOwn(FRAMES, type);
}
