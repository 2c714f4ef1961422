import type { IncomingHttpHeaders } from 'node:http';
import ipaddr from 'ipaddr.js';
import { WebSocketError } from '@ws/types';
import type { Caller } from '../http/caller.ts';

/**
 * Who may call a service in development mode, where anyone who gets through is any user: programs of this machine and pages that it
 * serves. A server cannot see from where it is really called, so the headers have to say nothing else.
 */

/** The API key of development mode, known to everyone. */
export const DEVELOPMENT_API_KEY = 'dev-key';

const LOOPBACK = String.raw`(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?`;
const LOOPBACK_HOST = new RegExp(`^${LOOPBACK}$`, 'i');

/** Origins of pages on this machine, of any port: a development server of pages has another one than the service. */
export const LOOPBACK_ORIGIN = new RegExp(`^https?://${LOOPBACK}$`);

const FORWARDING_HEADER = /^(x-forwarded.*|forwarded|via|x-real-ip)$/;

/**
 * Takes requests to a loopback address alone, and none that came through a proxy. A page whose name was pointed at this machine (DNS
 * rebinding) still says its own name in `Host`; a proxy may call from this machine for the whole internet.
 *
 * @throws `FORBIDDEN`
 */
export function assertCalledDirectly({ headers, socket }: Caller): void {
  if (!isThisMachine(socket.remoteAddress)) {
    throw new WebSocketError('FORBIDDEN', 'in development mode only programs and pages of this machine are answered');
  }
  if (!LOOPBACK_HOST.test(headers.host ?? '')) {
    throw new WebSocketError(
      'FORBIDDEN',
      'in development mode only requests to localhost, 127.0.0.1 or [::1] are answered',
    );
  }
  const forwarding = Object.keys(headers).find((name) => FORWARDING_HEADER.test(name));
  if (forwarding === undefined) return;
  const message = `in development mode no request is answered that came through a proxy (header ${forwarding})`;
  throw new WebSocketError('FORBIDDEN', message);
}

/**
 * Takes programs, and pages of this machine: not even those of WS_ALLOWED_ORIGINS may do what needs no secret.
 *
 * @throws `ORIGIN_NOT_ALLOWED`
 */
export function assertNoForeignPage({ origin }: IncomingHttpHeaders): void {
  if (origin === undefined || LOOPBACK_ORIGIN.test(origin)) return;
  const message = 'the key and the tokens of development mode are for pages of this machine only';
  throw new WebSocketError('ORIGIN_NOT_ALLOWED', message);
}

/** Whether a peer is on this machine. Where a framework did not say its address, the headers have to do. */
function isThisMachine(address: string | undefined): boolean {
  return address === undefined || (ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback');
}
