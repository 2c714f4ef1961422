import type { IncomingMessage } from 'node:http';
import { WebSocketError } from '@ws/types';
import ipaddr from 'ipaddr.js';
import type { ClientAddress } from '../http/client-address.ts';

/** Connections of one public address where nothing was set: a school or an office behind one address fits. */
const DEFAULT_LIMIT = 1_000;

export interface AddressLimitOptions {
  /** Absent: 1,000 for public addresses; those of one's own network, which may be proxies, have no limit. */
  readonly limit: number | undefined;
  readonly clientAddress: ClientAddress;
  readonly onRefused: () => void;
}

/** Holds each address to so many open connections, WebSockets and event streams together. */
export class AddressLimit {
  readonly #options: AddressLimitOptions;
  readonly #open = new Map<string, number>();

  constructor(options: AddressLimitOptions) {
    this.#options = options;
  }

  /**
   * Counts the connection of a request until `lasting` is closed.
   *
   * @throws `TOO_MANY_CONNECTIONS`
   */
  enter(request: IncomingMessage, lasting: { once(event: 'close', listener: () => void): unknown }): void {
    const { limit, clientAddress, onRefused } = this.#options;
    const { name, isPublic } = placeOf(clientAddress(request));
    const open = this.#open.get(name) ?? 0;
    if (open >= (limit ?? (isPublic ? DEFAULT_LIMIT : Infinity))) {
      onRefused();
      throw new WebSocketError('TOO_MANY_CONNECTIONS', 'too many connections are open from this address');
    }
    this.#open.set(name, open + 1);
    lasting.once('close', () => this.#leave(name));
  }

  #leave(name: string): void {
    const left = (this.#open.get(name) ?? 1) - 1;
    if (left > 0) this.#open.set(name, left);
    else this.#open.delete(name);
  }
}

interface Place {
  readonly name: string;
  readonly isPublic: boolean;
}

/** Kinds of addresses of one's own network. */
const OWN_NETWORK: ReadonlySet<string> = new Set([
  'loopback',
  'private',
  'linkLocal',
  'uniqueLocal',
  'carrierGradeNat',
]);

/** One household or server has 2 to the 64 addresses of IPv6 and one of IPv4: each counts as one place. */
function placeOf(address: string): Place {
  if (!ipaddr.isValid(address)) return { name: address, isPublic: false };
  const parsed = ipaddr.process(address);
  const isPublic = !OWN_NETWORK.has(parsed.range());
  if (parsed instanceof ipaddr.IPv6) return { name: parsed.parts.slice(0, 4).join(':'), isPublic };
  return { name: parsed.toString(), isPublic };
}
