import { request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { WebSocketError } from '@ws/types';
import { ipOf } from './caller.ts';
import { connectInMemory } from './memory-connection.ts';

export interface FetchOptions {
  /**
   * Address of the client, for the limits of one address.
   *
   * @default the `ip` of the request, where the framework notes one (srvx: h3, Nitro); else unknown: such clients share one place
   */
  readonly address?: string | undefined;
  /** What the path of the request begins with where the calls are mounted below it: `/api/agents`. @default nothing */
  readonly basePath?: string;
}

/** Headers that belong to a connection and not to an answer. */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/**
 * Answers a request of the web through an HTTP server of Node that does not listen: over a connection in memory, so that every limit,
 * the backpressure of an event stream, and the end of a client that is gone are those of a real one.
 */
export async function fetchFrom(server: Server, request: Request, options: FetchOptions): Promise<Response> {
  const url = new URL(request.url);
  const near = connectInMemory(server, {
    address: options.address ?? ipOf(request),
    isEncrypted: url.protocol === 'https:',
  });
  const answer = await exchange(near, request, url, options.basePath ?? '');
  const { statusCode = 500, statusMessage = '', rawHeaders } = answer;
  const headers = new Headers();
  for (let n = 0; n < rawHeaders.length; n += 2) {
    const name = rawHeaders[n] ?? '';
    if (!OF_CONNECTION.has(name.toLowerCase())) headers.append(name, rawHeaders[n + 1] ?? '');
  }
  const hasBody = request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304;
  if (!hasBody) answer.resume();
  const body: unknown = hasBody ? Readable.toWeb(answer) : null;
  return new Response(body as ReadableStream<Uint8Array> | null, {
    status: statusCode,
    statusText: statusMessage,
    headers,
  });
}

function exchange(near: Duplex, request: Request, url: URL, basePath: string): Promise<IncomingMessage> {
  const headers: Record<string, string> = {
    ...Object.fromEntries(request.headers),
    host: url.host,
    connection: 'close',
  };
  const path = pathBelow(basePath, url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({
      createConnection: () => near,
      method: request.method,
      path,
      headers,
      setHost: false,
      signal: request.signal,
    });
    sent.once('response', (answer) => {
      // A body that is not read to its end: the server learns that its client is gone.
      answer.once('close', () => near.destroy());
      resolve(answer);
    });
    sent.once('error', reject);
    // Two sets of types have this name, where a program knows pages as well.
    const given: unknown = request.body;
    if (given === null) sent.end();
    else
      Readable.fromWeb(given as NodeReadableStream)
        .on('error', reject)
        .pipe(sent);
  });
}

/** Throws `NOT_FOUND` for an address that is not below the base. */
function pathBelow(basePath: string, { pathname, search }: URL): string {
  const base = basePath.replace(/\/$/, '');
  if (base !== '' && pathname !== base && !pathname.startsWith(`${base}/`)) {
    throw new WebSocketError('NOT_FOUND', `the address of the request does not begin with ${base}`);
  }
  return `${pathname.slice(base.length) || '/'}${search}`;
}
