import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { ERROR_CODES, publicMessage, type WebSocketError } from '@ws/types';

const RETRY_AFTER_SECONDS = 2;

/** Answers an upgrade that is not accepted with plain HTTP, and ends the connection. */
export function refuseUpgrade(socket: Duplex, error: Pick<WebSocketError, 'code' | 'message'>): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const { code } = error;
  const { status, retry } = ERROR_CODES[code];
  const body = JSON.stringify({ error: { code, message: publicMessage(error) } });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'Connection: close',
    ...(retry && status >= 429 ? [`Retry-After: ${RETRY_AFTER_SECONDS}`] : []),
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
