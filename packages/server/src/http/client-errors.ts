import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ErrorCode } from '@ws/types';
import { hasEarlyAnswer } from './early-answers.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';

interface Refusal {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
}

const REFUSALS: Readonly<Record<string, Refusal>> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'MESSAGE_TOO_BIG', message: 'the headers are larger than 16 KiB' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: {
    status: 413,
    code: 'MESSAGE_TOO_BIG',
    message: 'the chunk extensions are too large',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'BAD_REQUEST', message: 'the request did not arrive in time' },
};

const MALFORMED: Refusal = { status: 400, code: 'BAD_REQUEST', message: 'this is not HTTP' };

/** Whether an answer to an earlier request of the socket is under way, which nothing may be written into. */
function isAnswering(socket: Socket): boolean {
  // Where Node keeps it, and looks for it in its own handler of these errors.
  const { _httpMessage: answer } = socket as Socket & { readonly _httpMessage?: ServerResponse | null };
  return answer?.headersSent === true;
}

/** Answers what could not be read as HTTP, as far as anybody listens, and ends the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket) || hasEarlyAnswer(socket)) {
    socket.destroy();
    return;
  }
  const { status, code, message } = REFUSALS[String(error.code)] ?? MALFORMED;
  const body = problem(code, message, status);
  const text = JSON.stringify(body);
  const head = [
    `HTTP/1.1 ${status} ${body.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
}
