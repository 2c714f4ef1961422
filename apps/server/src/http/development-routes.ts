import { isId, toUserId, WebSocketError } from '@ws/types';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { createDevelopmentTokens } from '../auth/development-tokens.ts';
import { developmentTokenSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';

/** What the demo page shows of its agent. */
export interface AgentInfo {
  readonly name: string;
  readonly kind: 'rule-based' | 'model';
  readonly workspace: string;
  readonly examples: readonly string[];
}

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
  description: 'For anybody who asks, hence only in development mode on a loopback address: refused everywhere else.',
  access: [],
  body: bodySchema,
  bodyExample: { user_id: 'demo' },
  answers: { 200: json('A token, good for an hour.', developmentTokenSchema) },
  errors: ['BAD_JSON', 'INVALID_USER_ID', 'FORBIDDEN'],
} as const satisfies Operation;

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;

/**
 * `POST /dev/token` and `GET /dev/agent`. Without `tokens` (production, or not on a loopback address) the first one refuses
 * everybody.
 */
export function serveDevelopment(
  app: FastifyInstance,
  tokens: ReturnType<typeof createDevelopmentTokens> | undefined,
  agent: AgentInfo | undefined,
): void {
  app.post(developmentTokenOperation.path, async (request, reply) => {
    if (tokens === undefined) {
      throw new WebSocketError('FORBIDDEN', 'development tokens exist only in development mode on a loopback address');
    }
    assertLocal(request);
    const { user_id, threads } = checkInput(bodySchema, request.body, 'body');
    const { token, expiresAt } = await tokens(toUserId(user_id), threads);
    reply.header('cache-control', 'no-store');
    return { token, expires_at: expiresAt };
  });
  app.get('/dev/agent', async () => {
    if (agent === undefined) throw new WebSocketError('NOT_FOUND', 'no demo agent runs here');
    return agent;
  });
}

/** A page elsewhere whose name was pointed at this machine (DNS rebinding) still says its own name in `Host`. */
function assertLocal(request: FastifyRequest): void {
  if (LOOPBACK_HOST.test(request.headers.host ?? '')) return;
  throw new WebSocketError('FORBIDDEN', 'development tokens are given to requests for a loopback address only');
}
