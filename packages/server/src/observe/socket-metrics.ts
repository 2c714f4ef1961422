import type { Socket } from 'node:net';
import { CLOSE_CODES, type ErrorCode } from '@ws/types';
import { Counter, type Registry } from '@prometheus-io/client';
import type { WebSocket } from 'ws';

/** Codes that are a label; a peer may send any of four thousand. 1005: none was sent; 1006: the connection was cut. */
const KNOWN_CODES: ReadonlySet<number> = new Set([
  ...Object.values(CLOSE_CODES).map(({ code }) => code),
  1000,
  1001,
  // Frames that break the rules of WebSockets: wrong, no UTF-8, too many fragments.
  1002,
  1007,
  1008,
  1005,
  1006,
  1009,
]);

/** What happens to WebSockets: refusals, closes, traffic. */
export class SocketMetrics {
  readonly #refused: Counter<'code'>;
  readonly #closed: Counter<'code'>;
  readonly #bytes: Counter<'direction'>;
  readonly #open = new Set<Socket>();
  #received = 0;
  #sent = 0;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#refused = new Counter({
      name: 'ws_upgrades_refused_total',
      help: 'Upgrades that were refused, by error code',
      labelNames: ['code'],
      registers,
    });
    this.#closed = new Counter({
      name: 'ws_connections_closed_total',
      help: 'WebSockets that were closed, from either side, by close code',
      labelNames: ['code'],
      registers,
    });
    this.#bytes = new Counter({
      name: 'ws_socket_bytes_total',
      help: 'Bytes of WebSockets on the wire, handshake included',
      labelNames: ['direction'],
      registers,
    });
  }

  refused(code: ErrorCode): void {
    this.#refused.inc({ code });
  }

  opened(webSocket: WebSocket, socket: Socket): void {
    this.#open.add(socket);
    webSocket.on('close', (code) => this.closed(code));
    socket.on('close', () => {
      this.#open.delete(socket);
      this.#received += socket.bytesRead;
      this.#sent += socket.bytesWritten;
    });
  }

  closed(code: number): void {
    this.#closed.inc({ code: KNOWN_CODES.has(code) ? String(code) : 'other' });
  }

  update(): void {
    let received = this.#received;
    let sent = this.#sent;
    for (const { bytesRead, bytesWritten } of this.#open) {
      received += bytesRead;
      sent += bytesWritten;
    }
    this.#bytes.reset();
    this.#bytes.inc({ direction: 'received' }, received);
    this.#bytes.inc({ direction: 'sent' }, sent);
  }
}
