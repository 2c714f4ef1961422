import { WebSocketError } from '@ws/types';

/** Checks a URL of a Redis. Throws `INVALID_OPTION`, without its password. */
export function checkUrl(url: string): URL {
  if (URL.canParse(url)) {
    const parsed = new URL(url);
    const database = parsed.pathname.slice(1);
    if (/^rediss?:$/.test(parsed.protocol) && parsed.hostname !== '' && /^\d*$/.test(database)) return parsed;
  }
  throw new WebSocketError(
    'INVALID_OPTION',
    'url must look like redis://localhost:6379 or rediss://user:password@host:6380/0',
  );
}

/** The address in a URL: what may be shown. */
export function placeOf({ protocol, host, pathname }: URL): string {
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
