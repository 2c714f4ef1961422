import type { IncomingMessage } from 'node:http';

/** Origins of pages that may connect besides the server's own; `*` is any. */
export type AllowedOrigins = readonly (string | RegExp)[];

/**
 * Whether pages of the request's origin may connect: the server's own, or one that was allowed by setting. A request without
 * `Origin` does not come from a browser.
 */
export function isOriginAllowed({ headers }: IncomingMessage, allowed: AllowedOrigins): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (allowed.some((one) => (typeof one === 'string' ? one === '*' || one === origin : one.test(origin)))) return true;
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase();
}
