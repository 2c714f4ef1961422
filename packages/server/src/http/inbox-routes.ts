import type { Hub } from '@ws/core';
import type { AgentCalls, CallClaims } from '@ws/core/internal';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { toWireCall } from '../agent/wire-call.ts';
import type { ApiKeys } from '../auth/api-keys.ts';
import { claimedSchema, claimSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { checkInput } from './check-input.ts';

const DEFAULT_LIMIT = 10;
const DEFAULT_HOLD_MS = 60_000;

const whole = (min: number, max: number, description: string) =>
  v.exactOptional(
    v.pipe(
      v.number('must be a number'),
      v.safeInteger('must be a whole number'),
      v.minValue(min, `must be at least ${min}`),
      v.maxValue(max, `must be at most ${max}`),
      v.description(description),
    ),
  );

const holdMs = whole(1_000, 3_600_000, "for how long the calls are the agent's, in milliseconds; default 60,000");
const claimId = v.pipe(v.string('must be a string'), v.minLength(1), v.maxLength(128));
const callIds = v.pipe(
  v.array(v.pipe(v.string('must be a string'), v.maxLength(128))),
  v.minLength(1, 'must not be empty'),
  v.maxLength(100, 'must hold at most 100'),
);

const claimBody = v.object({
  limit: whole(1, 100, 'most calls; default 10'),
  hold_ms: holdMs,
  wait_ms: whole(0, 25_000, 'how long to wait for the first call, in milliseconds; default 0'),
});
const extendBody = v.object({ claim_id: claimId, call_ids: callIds, hold_ms: holdMs });
const ackBody = v.object({ claim_id: claimId, call_ids: callIds });

export const claimOperation = {
  id: 'claimCalls',
  method: 'POST',
  path: '/v1/inbox/claim',
  tag: 'Agents',
  summary: 'Fetch what users said',
  description:
    'Hands out calls of all users, the oldest first, of each thread one message at a time: `user_message`, `cancel_run`, ' +
    "`tool_approval`. They are the agent's until `expires_at`; what it has not acknowledged by then is handed out again, up to five " +
    'times.',
  access: ['inbox'],
  body: claimBody,
  bodyExample: { limit: 10, hold_ms: 60_000, wait_ms: 20_000 },
  answers: { 200: json('The calls; none when none came in time.', claimSchema) },
  errors: ['BAD_JSON', 'NO_AGENT', 'LOG_UNAVAILABLE'],
} as const satisfies Operation;

export const extendOperation = {
  id: 'extendCalls',
  method: 'POST',
  path: '/v1/inbox/extend',
  tag: 'Agents',
  summary: 'Keep calls for longer',
  description:
    'Keeps claimed calls, and the runs that answer them, for another `hold_ms`: for work that takes long, or is silent.',
  access: ['inbox'],
  body: extendBody,
  bodyExample: { claim_id: 'the claim', call_ids: ['call_…'], hold_ms: 60_000 },
  answers: { 200: json("Which of the calls are still the agent's.", claimedSchema) },
  errors: ['BAD_JSON', 'NO_AGENT', 'LOG_UNAVAILABLE'],
} as const satisfies Operation;

export const ackOperation = {
  id: 'acknowledgeCalls',
  method: 'POST',
  path: '/v1/inbox/ack',
  tag: 'Agents',
  summary: 'Acknowledge calls',
  description:
    'The agent has done what the calls ask: they are not handed out again, and the next message of the thread is.',
  access: ['inbox'],
  body: ackBody,
  bodyExample: { claim_id: 'the claim', call_ids: ['call_…'] },
  answers: { 200: json("Which of the calls were the agent's.", claimedSchema) },
  errors: ['BAD_JSON', 'NO_AGENT', 'LOG_UNAVAILABLE'],
} as const satisfies Operation;

/** `POST /v1/inbox/…`: an agent that cannot be called fetches what users say. */
export function serveInbox(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => void apiKeys.require(request.headers, 'inbox');
  app.post(claimOperation.path, { onRequest }, async (request, reply) => {
    const {
      limit = DEFAULT_LIMIT,
      hold_ms = DEFAULT_HOLD_MS,
      wait_ms = 0,
    } = checkInput(claimBody, request.body ?? {}, 'body');
    const gone = new AbortController();
    // An agent that has left must not be handed a call that nobody gets then.
    reply.raw.once('close', () => gone.abort());
    const claim = await claimsOf(hub).claim({ limit, holdMs: hold_ms, waitMs: wait_ms, signal: gone.signal });
    reply.header('cache-control', 'no-store');
    return { claim_id: claim.claimId, expires_at: claim.expiresAt, calls: claim.calls.map(toWireCall) };
  });
  app.post(extendOperation.path, { onRequest }, async (request) => {
    const { claim_id, call_ids, hold_ms = DEFAULT_HOLD_MS } = checkInput(extendBody, request.body, 'body');
    const { held, lost, expiresAt } = await claimsOf(hub).extend(claim_id, call_ids, hold_ms);
    return { held, lost, expires_at: expiresAt };
  });
  app.post(ackOperation.path, { onRequest }, async (request) => {
    const { claim_id, call_ids } = checkInput(ackBody, request.body, 'body');
    return claimsOf(hub).acknowledge(claim_id, call_ids);
  });
}

function claimsOf(hub: Hub): CallClaims {
  return callsOf(hub).claims;
}

/** Throws `NO_AGENT` where the agents of the server are in its own process, or there are none. */
export function callsOf({ agentCalls }: Hub): AgentCalls {
  if (agentCalls !== undefined) return agentCalls;
  const message = 'this server has no agent elsewhere: give createServer agent, or set WS_AGENT_URL or WS_AGENT_INBOX';
  throw new WebSocketError('NO_AGENT', message);
}
