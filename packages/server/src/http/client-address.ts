import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import proxyAddr from '@fastify/proxy-addr';
import type { Caller } from './caller.ts';

/** The address of the client that sent a request. */
export type ClientAddress = (request: Caller) => string;

/**
 * Believes `X-Forwarded-For` as far as it was written by proxies that are trusted: the address is that of the first one, seen from
 * here, that is not. Where one of them wrote something that is no address, it is that of the peer, so that limits for each address go on.
 *
 * @param trusted - addresses and ranges (`10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`)
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trusted]);
  return (request) => {
    const peer = request.socket.remoteAddress;
    // A peer that is gone by now has no address.
    if (peer === undefined) return 'unknown';
    const [, ...forwarded] = proxyAddr.all(request as IncomingMessage);
    let client = peer;
    for (const [hop, entry] of forwarded.entries()) {
      if (!isTrusted(client, hop)) return client;
      const address = plainAddress(entry);
      if (address === undefined) return peer;
      client = address;
    }
    return client;
  };
}

const IPV4_WITH_PORT = /^([\d.]+):\d{1,5}$/;
const IPV6_IN_BRACKETS = /^\[([^\]]+)\](?::\d{1,5})?$/;

/** The address in an entry. Some proxies write the port of the client with it: `192.0.2.1:5678`, `[2001:db8::1]:5678`. */
function plainAddress(entry: string): string | undefined {
  const address = IPV4_WITH_PORT.exec(entry)?.[1] ?? IPV6_IN_BRACKETS.exec(entry)?.[1] ?? entry;
  return isIP(address) === 0 ? undefined : address;
}

/** Whether a text names proxies to trust: an address, a range, or a word of `proxy-addr`. `0.0.0.0/0` would believe everybody. */
export function isAddressRange(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
