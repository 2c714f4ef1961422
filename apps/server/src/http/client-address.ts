import type { IncomingMessage } from 'node:http';
import proxyAddr from '@fastify/proxy-addr';

/** The address of the client that sent a request. */
export type ClientAddress = (request: IncomingMessage) => string;

/**
 * Believes `X-Forwarded-For` as far as it was written by proxies that are trusted: the address is that of the first one, seen from
 * here, that is not.
 *
 * @param trusted - addresses and ranges (`10.0.0.0/8`, `loopback`, `linklocal`, `uniquelocal`)
 */
export function clientAddressBehind(trusted: readonly string[]): ClientAddress {
  const isTrusted = proxyAddr.compile([...trusted]);
  return (request) => {
    // A peer that is gone by now has no address.
    if (request.socket.remoteAddress === undefined) return 'unknown';
    return proxyAddr(request, isTrusted);
  };
}
