import { isIP } from 'node:net';

/** Whether a host of `WS_HOST`, or of a URL, is this machine alone. A name besides `localhost` may point anywhere. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));
}
