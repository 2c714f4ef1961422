import ipaddr from 'ipaddr.js';

/** What is counted, until it is closed. */
export interface Lasting {
  on(event: 'close', listener: () => void): unknown;
}

/** Counts what addresses have open. */
export class AddressCount {
  readonly #limitOf: (isPublic: boolean) => number;
  readonly #open = new Map<string, number>();
  /** A flood comes from one address, which is read once. */
  #last: { readonly address: string; readonly place: Place } | undefined;

  /** @param limitOf - how many an address may have: one of the internet, or one of one's own network, which may be a proxy */
  constructor(limitOf: (isPublic: boolean) => number) {
    this.#limitOf = limitOf;
  }

  /** Counts one more until `lasting` is closed. Answers `false`, and counts nothing, where the address has as many as it may. */
  enter(address: string, lasting: Lasting): boolean {
    if (this.isFull(address)) return false;
    const { name } = this.#placeOf(address);
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    lasting.on('close', () => this.#leave(name));
    return true;
  }

  /** Whether the address has as many as it may. */
  isFull(address: string): boolean {
    const { name, isPublic } = this.#placeOf(address);
    return (this.#open.get(name) ?? 0) >= this.#limitOf(isPublic);
  }

  #placeOf(address: string): Place {
    if (this.#last?.address !== address) this.#last = { address, place: placeOf(address) };
    return this.#last.place;
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
