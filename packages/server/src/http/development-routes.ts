import { isId, toUserId, WebSocketError } from '@ws/types';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { assertNoForeignPage } from '../auth/development-caller.ts';
import type { createDevelopmentTokens } from '../auth/development-tokens.ts';
import { developmentTokenSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';

const bodySchema = v.object({
  user_id: v.string('must be a string'),
  threads: v.exactOptional(v.pipe(v.array(v.custom<string>(isId, 'must be an id')), v.minLength(1))),
});

export const developmentTokenOperation = {
  id: 'developmentToken',
  method: 'POST',
  path: '/dev/token',
  tag: 'Development',
  summary: 'A token for trying things out',
  description: 'For every program and page of the machine, hence in development mode only: refused everywhere else.',
  access: [],
  body: bodySchema,
  bodyExample: { user_id: 'demo' },
  answers: { 200: json('A token, good for an hour.', developmentTokenSchema) },
  errors: ['BAD_JSON', 'INVALID_USER_ID', 'FORBIDDEN', 'ORIGIN_NOT_ALLOWED'],
} as const satisfies Operation;

const NO_TOKENS = 'development tokens exist only in development mode (WS_DEVELOPMENT=on)';

/** `POST /dev/token`. Without `tokens` (outside of development mode) it refuses every request. */
export function serveDevelopment(
  app: FastifyInstance,
  tokens: ReturnType<typeof createDevelopmentTokens> | undefined,
): void {
  // Before the body is read: where there are no tokens, a request must not make the server parse anything.
  const onRequest = async ({ headers }: FastifyRequest): Promise<void> => {
    if (tokens === undefined) throw new WebSocketError('FORBIDDEN', NO_TOKENS);
    assertNoForeignPage(headers);
  };
  app.post(developmentTokenOperation.path, { onRequest }, async (request, reply) => {
    if (tokens === undefined) throw new WebSocketError('FORBIDDEN', NO_TOKENS);
    const { user_id, threads } = checkInput(bodySchema, request.body, 'body');
    const { token, expiresAt } = await tokens(toUserId(user_id), threads);
    reply.header('cache-control', 'no-store');
    return { token, expires_at: expiresAt };
  });
}
