import { createHash } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CLOSE_CODES, ERROR_CODES, publicMessage, SUBPROTOCOL, type WebSocketError } from '@ws/types';
import { systemClock } from './clock.ts';
import { closeReasonFor } from './connection/credential-check.ts';
import { controlFrame, type FrameGroup } from './stream/frame.ts';
import { wireBytes } from './ws-frames.ts';

const RETRY_AFTER_SECONDS = 2;
/** How long a refused peer has to close its end, in milliseconds. Cut off at once, it may lose the answer that was on its way. */
const LINGER_MS = 2_000;
/** RFC 6455, section 1.3. */
const HANDSHAKE_ID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HANDSHAKE_KEY = /^[\d+/A-Za-z]{22}==$/;
/** First byte of a close frame; RFC 6455, section 5.2. */
const CLOSE = 0x88;

/** A refused connection, in both forms in which a peer can be told. */
export interface Refusal {
  /** In place of the upgrade: plain HTTP. */
  readonly http: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** After the upgrade: a message, and the close behind it. */
  readonly frame: FrameGroup;
  readonly close: { readonly code: number; readonly reason: string };
  /** Whether the upgrade is to be taken first, because a page sees nothing of a refused one: so where another credential may help. */
  readonly inProtocol: boolean;
}

/** How a peer learns that it is not let in. Code and message of the error go to the peer. */
export function refusalOf(error: Pick<WebSocketError, 'code' | 'message'>): Refusal {
  const { code } = error;
  const { status, retry } = ERROR_CODES[code];
  const message = publicMessage(error);
  const { code: closeCode, meaning } = CLOSE_CODES[closeReasonFor(code)];
  return {
    http: {
      status,
      headers: {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': 'no-store',
        ...(retry && status >= 429 ? { 'Retry-After': String(RETRY_AFTER_SECONDS) } : {}),
      },
      body: JSON.stringify({ error: { code, message } }),
    },
    frame: controlFrame({ type: 'error', code, message, fatal: true }),
    close: { code: closeCode, reason: meaning },
    inProtocol: status === 401,
  };
}

/**
 * Refuses an upgrade, in place of `handleUpgrade` of the `ws` library, and says why: a page sees neither status nor body of an upgrade
 * that was refused with plain HTTP, and can't tell a credential that expired from a network that is down.
 *
 * An error about the credential (status 401: `CREDENTIAL_EXPIRED`, `CREDENTIAL_INVALID`, `CREDENTIAL_REVOKED`, `CREDENTIAL_MISSING`) is
 * told in the protocol. The upgrade is answered with 101, an `error` frame and the close code (`4001` for the one that expired, `4501`).
 * The client then fetches another credential, or stops. No session or WebSocket is made for it. Every other error is plain HTTP with its
 * status and a JSON body, and so is every error for a peer that doesn't speak the protocol.
 *
 * @param request - of the `upgrade` event
 * @param socket - of the `upgrade` event; it is ended, and cut off after two seconds if the peer does not close its end
 * @param error - code and message go to the peer: the message must hold no secret
 * @example
 * ```ts
 * server.on('upgrade', (request, tcp, head) => {
 *   const userId = userOfSession(request.headers.cookie);
 *   if (userId === undefined) return refuseWebSocket(request, tcp, new WebSocketError('CREDENTIAL_INVALID', 'sign in again'));
 *   …
 * });
 * ```
 */
export function refuseWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  error: Pick<WebSocketError, 'code' | 'message'>,
): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  // Also an error of the connection below must not end the process, where nothing else listens.
  socket.on('error', () => socket.destroy());
  const timer = systemClock.after(LINGER_MS, () => socket.destroy());
  socket.once('close', () => timer.cancel());
  // What the peer still says is read and dropped, up to its end.
  socket.once('end', () => socket.destroy());
  socket.resume();
  const refusal = refusalOf(error);
  const key = refusal.inProtocol ? handshakeKey(request) : undefined;
  socket.end(key === undefined ? overHttp(refusal) : inProtocol(refusal, key));
}

/** The key of a good handshake of this protocol. */
function handshakeKey({ headers }: IncomingMessage): string | undefined {
  const {
    'sec-websocket-key': key,
    'sec-websocket-version': version,
    'sec-websocket-protocol': offered = '',
  } = headers;
  const isOffered = offered.split(',').some((entry) => entry.trim() === SUBPROTOCOL);
  return isOffered && version === '13' && key !== undefined && HANDSHAKE_KEY.test(key) ? key : undefined;
}

function overHttp({ http: { status, headers, body } }: Refusal): string {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

/** All bytes of a refused connection, for one write: handshake, `error` and close. */
function inProtocol({ frame, close }: Refusal, key: string): Buffer {
  const accept = createHash('sha1')
    .update(key + HANDSHAKE_ID)
    .digest('base64');
  const head = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), wireBytes(frame), closeFrame(close)]);
}

function closeFrame({ code, reason: meaning }: Refusal['close']): Buffer {
  const reason = Buffer.from(meaning);
  // A length of up to 125 is one byte, and every meaning is shorter.
  const frame = Buffer.alloc(4 + reason.length);
  frame[0] = CLOSE;
  frame[1] = 2 + reason.length;
  frame.writeUInt16BE(code, 2);
  reason.copy(frame, 4);
  return frame;
}
