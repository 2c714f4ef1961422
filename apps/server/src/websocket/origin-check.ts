import type { IncomingMessage } from 'node:http';

/**
 * Whether pages of the request's origin may connect: the server's own, or one that was allowed by setting. A request without
 * `Origin` does not come from a browser.
 */
export function isOriginAllowed({ headers }: IncomingMessage, allowed: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (allowed.includes('*') || allowed.includes(origin)) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
