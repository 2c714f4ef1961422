import type { IncomingHttpHeaders } from 'node:http';

/** What a request says of its sender: what is looked at before anything is done for it. Requests of Node have it as they are. */
export interface Caller {
  readonly headers: IncomingHttpHeaders;
  /** `encrypted` is there where this process ends TLS. */
  readonly socket: { readonly remoteAddress?: string | undefined };
}

/** The address that a framework notes at a request of the web: those on srvx (h3, Nitro, crossws) have it as `ip`. */
export function ipOf(request: Request): string | undefined {
  const { ip } = request as { readonly ip?: unknown };
  return typeof ip === 'string' ? ip : undefined;
}

/**
 * The sender of a request of the web.
 *
 * @param address - of the socket that the request came on, where the framework says it
 */
export function callerOf(request: Request, address: string | undefined): Caller {
  const { protocol, host } = new URL(request.url);
  return {
    headers: { ...Object.fromEntries(request.headers), host },
    socket: { remoteAddress: address, ...(protocol === 'https:' ? { encrypted: true } : {}) },
  };
}
