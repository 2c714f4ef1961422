import { ERROR_CODES, isWebSocketError, type ErrorCode } from '@ws/types';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';

const RETRY_AFTER_SECONDS = 2;

/** Makes every failed request answer `{"error":{"code","message"}}` with the status of its code. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (isWebSocketError(error)) {
      if (ERROR_CODES[error.code].status === 500) request.log.error({ err: error }, 'a request failed');
      return sendError(reply, error.code, error.message);
    }
    const status = error.statusCode ?? 500;
    if (status >= 500) {
      request.log.error({ err: error }, 'a request failed');
      return sendError(reply, 'INTERNAL', 'the server could not do this');
    }
    if (status === 413) return sendError(reply, 'MESSAGE_TOO_BIG', 'the body is larger than the limit');
    if (error.code === 'FST_ERR_CTP_INVALID_JSON_BODY' || error.code === 'FST_ERR_CTP_EMPTY_JSON_BODY') {
      return sendError(reply, 'BAD_JSON', 'the body is not valid JSON');
    }
    if (status === 415) {
      return sendError(reply, 'BAD_REQUEST', 'the body must be JSON: set Content-Type to application/json', status);
    }
    return sendError(reply, 'BAD_REQUEST', error.message, status);
  });
  app.setNotFoundHandler((_request, reply) => sendError(reply, 'NOT_FOUND', 'there is nothing at this address'));
}

function sendError(
  reply: FastifyReply,
  code: ErrorCode,
  message: string,
  status: number = ERROR_CODES[code].status,
): FastifyReply {
  if (ERROR_CODES[code].retry && status >= 429) reply.header('retry-after', RETRY_AFTER_SECONDS);
  return reply.code(status).header('cache-control', 'no-store').send({ error: { code, message } });
}
