import { ERROR_CODES, isWebSocketError, publicMessage, WebSocketError, type ErrorCode } from '@ws/types';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fallback } from './open-app.ts';
import { problem, PROBLEM_TYPE, retryAfter } from './problem.ts';

const NOTHING_THERE = 'there is nothing at this address';

/** Makes every failed request answer a problem with the status of its code. */
export function answerErrors(app: FastifyInstance, fallback: Fallback | undefined): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((_request, reply) => sendProblem(reply, 'NOT_FOUND', NOTHING_THERE));
  // Before the body is read: it is the fallback's to read, and otherwise nothing is parsed without an address and a key.
  app.addHook('preParsing', async (request, reply) => {
    if (!request.is404) return;
    if (fallback === undefined || !(await isAnsweredBy(fallback, request.raw, reply.raw))) {
      throw new WebSocketError('NOT_FOUND', NOTHING_THERE);
    }
    reply.hijack();
  });
}

/** Whether the fallback answers a request; false when it has called `next`. Rejects with the error that it calls `next` with. */
async function isAnsweredBy(fallback: Fallback, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  return new Promise((resolve, reject) => {
    response.once('close', () => resolve(true));
    fallback(request, response, (error) => {
      if (error === undefined || error === null) resolve(false);
      else reject(error instanceof Error ? error : new Error('the fallback failed', { cause: error }));
    });
  });
}

/** Answers a request that failed, be it in a route or before one was found. */
export function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isWebSocketError(error)) {
    if (ERROR_CODES[error.code].status === 500) request.log.error({ err: error }, 'a request failed');
    return sendProblem(reply, error.code, publicMessage(error), undefined, error.details['retryAfterSeconds']);
  }
  const status = error.statusCode ?? 500;
  if (status >= 500) {
    request.log.error({ err: error }, 'a request failed');
    return sendProblem(reply, 'INTERNAL', 'the server could not do this');
  }
  if (status === 413) return sendProblem(reply, 'MESSAGE_TOO_BIG', 'the body is larger than the limit');
  if (status === 415) {
    return sendProblem(reply, 'BAD_REQUEST', 'the body must be JSON: set Content-Type to application/json', status);
  }
  return sendProblem(reply, 'BAD_REQUEST', error.message, status);
}

function sendProblem(
  reply: FastifyReply,
  code: ErrorCode,
  message: string,
  status?: number,
  retryAfterSeconds?: unknown,
): FastifyReply {
  const body = problem(code, message, status);
  const wait = retryAfter(body, retryAfterSeconds);
  if (wait !== undefined) reply.header('retry-after', wait);
  return reply.code(body.status).header('cache-control', 'no-store').type(PROBLEM_TYPE).send(body);
}
