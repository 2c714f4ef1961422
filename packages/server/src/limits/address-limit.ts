import { WebSocketError } from '@ws/types';
import type { Caller } from '../http/caller.ts';
import type { ClientAddress } from '../http/client-address.ts';
import { AddressCount, type Lasting } from './address-count.ts';

/** Connections of one public address where nothing was set: a school or an office behind one address fits. */
export const CONNECTIONS_PER_ADDRESS = 1_000;

export interface AddressLimitOptions {
  /** Absent: 1,000 for public addresses; those of one's own network, which may be proxies, have no limit. */
  readonly limit: number | undefined;
  readonly clientAddress: ClientAddress;
  readonly onRefused: () => void;
}

/** Holds each address to so many open connections, WebSockets and event streams together. */
export class AddressLimit {
  readonly #options: AddressLimitOptions;
  readonly #count: AddressCount;

  constructor(options: AddressLimitOptions) {
    this.#options = options;
    this.#count = new AddressCount((isPublic) => options.limit ?? (isPublic ? CONNECTIONS_PER_ADDRESS : Infinity));
  }

  /**
   * Counts the connection of a request until `lasting` is closed.
   *
   * @throws `TOO_MANY_CONNECTIONS`
   */
  enter(request: Caller, lasting: Lasting): void {
    if (!this.#count.enter(this.#options.clientAddress(request), lasting)) this.#refuse();
  }

  /** Throws `TOO_MANY_CONNECTIONS` where there is no room for the connection of a request now. */
  assertRoom(request: Caller): void {
    if (this.#count.isFull(this.#options.clientAddress(request))) this.#refuse();
  }

  #refuse(): never {
    this.#options.onRefused();
    throw new WebSocketError('TOO_MANY_CONNECTIONS', 'too many connections are open from this address');
  }
}
