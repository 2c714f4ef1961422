// Loaded with `event-stream-socket.ts`, where it is needed.

/** Close code of a connection that broke. */
export const BROKEN = 1006;
const UNAUTHORIZED = 4501;

/** What a request that failed means as a close code; the rest is a connection that broke. */
const CLOSE_BY_STATUS: { readonly [status: number]: number } = {
  400: 4500,
  401: UNAUTHORIZED,
  403: 4503,
  429: 4029,
  503: 1013,
};
/** Refusals of a frame that are about the connection: a new one will take it. */
const CLOSE_BY_CODE: { readonly [code: string]: number } = {
  CREDENTIAL_EXPIRED: 4001,
  RATE_LIMITED: 4029,
  DRAINING: 1012,
  // The next connection is the other user's, and says so.
  USER_CHANGED: BROKEN,
};

export interface HttpCallsOptions {
  readonly fetch: typeof fetch;
  /** Close code for a status of 401 that says no more. */
  readonly unauthorized: number;
  /** Takes an `error` frame, as a WebSocket would bring it. */
  readonly receive: (text: string) => void;
}

/** The requests of one connection over HTTP, and what it means where the server refuses one. */
export class HttpCalls {
  /** The credential of the next request. */
  token: string | undefined;
  readonly #options: HttpCallsOptions;
  readonly #abort = new AbortController();

  constructor(token: string | undefined, options: HttpCallsOptions) {
    this.token = token;
    this.#options = options;
  }

  /** Makes a request; `stop` ends it, unless it has a signal of its own. */
  async fetch(url: URL, init: RequestInit & { readonly headers: Record<string, string> }): Promise<Response> {
    const authorization = this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
    // Called as the function that it is: browsers refuse it as a method of something else.
    const { fetch } = this.#options;
    return fetch(url, {
      signal: this.#abort.signal,
      ...init,
      cache: 'no-store',
      headers: { ...init.headers, ...authorization },
    });
  }

  /** Sends the server a frame. */
  post(url: URL, body: string, signal: AbortSignal): Promise<Response> {
    return this.fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal });
  }

  stop(): void {
    this.#abort.abort();
  }

  /** Says what a WebSocket would: an `error` frame. Tells the close code where it is the connection that was refused. */
  async refused(response: Response, fatal: boolean, ref?: string): Promise<number | undefined> {
    const body: unknown = await response.json().catch((error: Error) => {
      if (error.name === 'AbortError') throw error;
      return {};
    });
    const { code, detail: message } = body as Partial<Record<string, string>>;
    if (code === undefined) return this.#unexplained(response.status);
    const close = CLOSE_BY_CODE[code] ?? (fatal ? (CLOSE_BY_STATUS[response.status] ?? BROKEN) : undefined);
    if (fatal || close === undefined) {
      this.#options.receive(JSON.stringify({ type: 'error', code, message, fatal, ref }));
    }
    return close;
  }

  /** Says why the connection ends, as a server would. */
  say(code: string, message: string): void {
    this.#options.receive(JSON.stringify({ type: 'error', code, message, fatal: true }));
  }

  /** What a refusal means that has no code: it comes from something between, or from an application's own server. */
  #unexplained(status: number): number {
    if (status === 431) {
      this.say('CREDENTIAL_INVALID', 'the token is too long for a header: give the url a single-use ticket instead');
      return UNAUTHORIZED;
    }
    if (status !== 401) return BROKEN;
    const { unauthorized } = this.#options;
    const code = unauthorized === UNAUTHORIZED ? 'CREDENTIAL_INVALID' : 'CREDENTIAL_EXPIRED';
    this.say(code, 'the server refuses the credential with status 401');
    return unauthorized;
  }
}

/** The `http:` or `https:` address of a call that lies beside the WebSocket's. The query goes along: it may hold a ticket. */
export function httpUrl(webSocketUrl: string, path: string): URL {
  const url = new URL(webSocketUrl);
  const call = new URL(path, url);
  call.protocol = url.protocol.replace('ws', 'http');
  call.search = url.search;
  return call;
}
