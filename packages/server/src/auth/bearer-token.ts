import type { IncomingHttpHeaders } from 'node:http';

/** The token of `Authorization: Bearer …`, if there is one. */
export function bearerToken(headers: IncomingHttpHeaders): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
}
