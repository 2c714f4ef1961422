import type { IncomingMessage, RequestListener } from 'node:http';
import { problem, PROBLEM_TYPE } from './problem.ts';

export const TWO_HOSTS = 'the request has two Host headers';

/**
 * Whether a request names two hosts. Node takes the first; a proxy on the way may have gone by the other, and the origin of a page is
 * compared with the host.
 */
export function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts > 1;
}

/** Refuses requests with two hosts, as RFC 9112, section 3.2 asks for, and closes the connection. */
export function withOneHost(listener: RequestListener): RequestListener {
  return (request, response) => {
    if (!hasTwoHosts(request)) return listener(request, response);
    const headers = { 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store', connection: 'close' };
    response.writeHead(400, headers).end(JSON.stringify(problem('BAD_REQUEST', TWO_HOSTS)));
  };
}
