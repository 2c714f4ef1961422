import { WebSocketError } from '@ws/types';

const PROTOCOLS: { readonly [from: string]: string } = {
  'ws:': 'ws:',
  'wss:': 'wss:',
  'http:': 'ws:',
  'https:': 'wss:',
};

/**
 * The absolute `ws:` or `wss:` address for `url`, resolved against `base` where it is relative. Throws `INVALID_OPTION`, without
 * repeating the address: it may carry a ticket.
 */
export function resolveUrl(url: string, base: string | undefined): string {
  let resolved: URL;
  try {
    resolved = new URL(url, base);
  } catch {
    throw new WebSocketError('INVALID_OPTION', `url must be ${base === undefined ? 'an absolute' : 'a'} ws(s) address`);
  }
  const protocol = PROTOCOLS[resolved.protocol];
  if (protocol === undefined) {
    throw new WebSocketError('INVALID_OPTION', `url must be ws:, wss:, http: or https:, not ${resolved.protocol}`);
  }
  resolved.protocol = protocol;
  resolved.hash = '';
  return resolved.href;
}

/** Address of the page, where there is one. */
export function pageUrl(): string | undefined {
  return typeof location === 'undefined' ? undefined : location.href;
}
