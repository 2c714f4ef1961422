import { WebSocketError } from '@ws/types';

/** Checks a URL of a Redis. It takes no parameters: one that is there was meant to do something. Throws `INVALID_OPTION`, without its password. */
export function checkUrl(url: string): URL {
  if (URL.canParse(url)) {
    const parsed = new URL(url);
    const [parameter] = parsed.searchParams.keys();
    if (parameter !== undefined) {
      const message = `url: there is no parameter '${parameter}' of a Redis log: give its options to openRedisLog`;
      throw new WebSocketError('INVALID_OPTION', message);
    }
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
