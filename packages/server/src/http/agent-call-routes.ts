import type { Hub } from '@ws/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toListedCall } from '../agent/wire-call.ts';
import type { ApiKeys } from '../auth/api-keys.ts';
import { agentCallListSchema, sentAgainSchema } from './api/answer-schemas.ts';
import { json, type Operation } from './api/operation.ts';
import { callsOf } from './inbox-routes.ts';

/** Calls in one answer; the others are counted. */
const MOST = 1_000;

export const agentCallsOperation = {
  id: 'listAgentCalls',
  method: 'GET',
  path: '/v1/agent/calls',
  tag: 'Back ends',
  summary: 'List calls to the agent',
  description:
    'What waits for an agent that lives elsewhere, and what was given up within a day: the 1,000 oldest of each, without what users said.',
  access: ['admin'],
  answers: { 200: json('The calls.', agentCallListSchema) },
  errors: ['NO_AGENT'],
} as const satisfies Operation;

export const sendAgainOperation = {
  id: 'sendAgentCallAgain',
  method: 'POST',
  path: '/v1/agent/calls/:callId/send',
  tag: 'Back ends',
  summary: 'Send a failed call again',
  description:
    'Puts a call that was given up at the end of the queue. A message gets a new run, because the one that was to answer it has ended, and ' +
    'with it a new id.',
  access: ['admin'],
  answers: { 202: json('It waits for the agent.', sentAgainSchema) },
  errors: ['NO_AGENT', 'NOT_FOUND', 'LOG_UNAVAILABLE'],
} as const satisfies Operation;

/** `/v1/agent/calls`: what an operator does about an agent that was down for too long. */
export function serveAgentCalls(app: FastifyInstance, hub: Hub, apiKeys: ApiKeys): void {
  const onRequest = async (request: FastifyRequest): Promise<void> => void apiKeys.require(request.headers, 'admin');
  app.get(agentCallsOperation.path, { onRequest }, async () => {
    const { waiting, failed } = callsOf(hub).list();
    return { waiting: waiting.slice(0, MOST).map(toListedCall), failed: failed.slice(0, MOST).map(toListedCall) };
  });
  app.post<{ Params: { callId: string } }>(sendAgainOperation.path, { onRequest }, async (request, reply) => {
    const { callId, runId } = await callsOf(hub).sendAgain(request.params.callId);
    return reply.code(202).send({ call_id: callId, run_id: runId });
  });
}
