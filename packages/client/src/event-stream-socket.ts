import type { ClientFrame, ConnectionReadyFrame, HelloFrame } from '@ws/types';
import type { Clock } from './clock.ts';
import { readEventStream, type StreamMessage } from './event-stream.ts';
import type { Random } from './random.ts';
import type { SocketLike, WebSocketConstructor } from './socket.ts';
import { WebSocketProbe } from './websocket-probe.ts';

// This file is loaded where it is needed. It imports no values from files that are loaded at once: a bundler would have to break the
// client into pieces that both can load.

export interface EventStreamSettings {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** Time for the answer to a frame of no size, in milliseconds. */
  readonly timeoutMs: number;
  /** Asked for each frame that is sent: an address with a single-use ticket is good for one request. */
  readonly address: () => Promise<string>;
  readonly random: Random;
  /** Close code where the server serves no stream. */
  readonly noStream: number;
  /** Close code for a status of 401 that says no more. */
  readonly unauthorized: number;
  /** What is better than this, where it works; `works` is called once then. */
  readonly better?: { readonly WebSocket: WebSocketConstructor; readonly works: () => void };
}

/** What a request that failed means as a close code; the rest is a connection that broke. */
const CLOSE_BY_STATUS: { readonly [status: number]: number } = {
  400: 4500,
  401: 4501,
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
  USER_CHANGED: 1006,
};
/** Statuses of a server that has WebSockets alone. */
const NO_STREAM: readonly number[] = [404, 405, 426];
const BROKEN = 1006;
const UNAUTHORIZED = 4501;
/** Close code of a stream that has not been acknowledged for a while; see CLOSE_CODES.TIMEOUT. */
const UNHEARD = 4008;
/** The server may end a stream that has not been acknowledged for so long, in milliseconds: some heartbeats, and below two minutes. */
const ENDS_AFTER_MS = 90_000;
/** What a comment of the server is to a client that waits for a sign of life. */
const PONG = '{"type":"pong","timestamp":0}';

/** Longest time for which a stream that brings something is not acknowledged, in milliseconds. */
const ACKNOWLEDGE_MS = 20_000;

/** A class that looks like `WebSocket` and works over HTTP: the stream comes as Server-Sent Events, frames go as requests. */
export function eventStreamSocket(settings: EventStreamSettings): WebSocketConstructor {
  return class extends EventStreamSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, settings);
    }
  };
}

/** A frame that was not answered yet. */
interface SentFrame {
  readonly frame: Exclude<ClientFrame, HelloFrame>;
  readonly text: string;
}

class EventStreamSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: ((event: { readonly data: string }) => unknown) | null = null;
  onerror: SocketLike['onerror'] = null;
  onclose: ((event: { readonly code: number }) => unknown) | null = null;
  readonly #url: string;
  readonly #settings: EventStreamSettings;
  readonly #abort = new AbortController();
  #token: string | undefined;
  /** Whose stream it is: what a page sends with a cookie may come from somebody else by now. */
  #userId = '';
  #mode = '';
  /** The connection as the server counts it. */
  #connectionId = '';
  /** When the stream was last acknowledged. */
  #acknowledgedAt = Infinity;
  /** Where the stream goes on. */
  #lastId = '';
  /** Whether a stream that ends unheard is asked for again at once and unseen: not one on which nothing came. */
  #goesOn = false;
  /** Whether the server works in another mode since: the client has to see what it is told then, and forget volatile events. */
  #changed = false;
  /** Frames go one after the other: the server gets them in the order in which they were said. The first is under way. */
  readonly #frames: SentFrame[] = [];
  #attempt = new AbortController();
  /** The newest sign of life. */
  #sign = new AbortController();
  #isPosting = false;
  readonly #subprotocol: string;
  #probe: WebSocketProbe | undefined;

  constructor(url: string, protocols: string[], settings: EventStreamSettings) {
    this.#url = url;
    this.#settings = settings;
    this.#subprotocol = protocols[0] ?? '';
    // Behind the name of the protocol comes `jwt.TOKEN`, if anything.
    this.#token = protocols[1]?.replace(/^jwt\./, '');
    // Nothing is open yet, but `hello` is wanted: it is what the stream is asked for with.
    queueMicrotask(() => (this.onopen as (() => void) | null)?.());
  }

  send(text: string): void {
    // The client's own words.
    const frame = JSON.parse(text) as ClientFrame;
    switch (frame.type) {
      case 'hello':
        this.#guard(this.#open(frame));
        return;
      case 'auth':
        // The stream lives as long as the credential it was opened with; frames have the new one from now on.
        this.#token = frame.token;
        return;
      case 'ping':
        return;
      default:
        this.#frames.push({ frame, text });
        if (!this.#isPosting) this.#guard(this.#postAll());
    }
  }

  giveUp(text: string): void {
    const index = this.#frames.findIndex((sent) => sent.text === text);
    if (index >= 0) this.#frames.splice(index, 1);
    if (index === 0) this.#attempt.abort();
  }

  close(): void {
    this.#probe?.stop();
    this.#abort.abort();
    this.#frames.length = 0;
    this.#attempt.abort();
    this.#sign.abort();
  }

  async #open({ token = this.#token, resume, threads = [] }: HelloFrame): Promise<void> {
    this.#token = token;
    if (resume?.epoch !== undefined) this.#lastId = `${resume.epoch}:${resume.offset}`;
    let address = this.#url;
    for (;;) {
      const url = httpUrl(address, 'v1/events');
      for (const thread of threads) url.searchParams.append('thread', thread);
      if (resume === undefined) url.searchParams.set('after', 'head');
      url.searchParams.set('ends_after_ms', String(ENDS_AFTER_MS));
      const code = await this.#read(url);
      if (code !== UNHEARD || !this.#goesOn) return this.#end(code);
      address = await this.#settings.address();
    }
  }

  /** Reads a stream to its end, and tells the close code. */
  async #read(url: URL): Promise<number> {
    this.#goesOn = false;
    const from = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    const response = await this.#fetch(url, { headers: { accept: 'text/event-stream', ...from } });
    const { status, ok, headers, body } = response;
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (NO_STREAM.includes(status) || (ok && !isStream)) {
      this.#say(
        'NOT_FOUND',
        `there is no event stream at ${url.pathname} (status ${status}): WebSockets are all this server has`,
      );
      return this.#settings.noStream;
    }
    if (!ok) return (await this.#refused(response, true)) ?? BROKEN;
    let code = BROKEN;
    if (body === null) return code;
    await readEventStream(
      body,
      (message, id) => {
        if (message?.event === 'close') code = (JSON.parse(message.data) as { code: number }).code;
        else this.#take(message, id);
        return message?.event !== 'close';
      },
      () => this.#heard(),
    );
    return code;
  }

  #take(message: StreamMessage | null, id: string | undefined): void {
    this.#lastId = id ?? this.#lastId;
    if (message?.event === 'connection_ready') {
      if (!this.#ready(JSON.parse(message.data) as ConnectionReadyFrame)) return;
    } else {
      this.#changed ||= message?.event === 'mode_changed';
      this.#goesOn = !this.#changed;
      if (message === null) this.#acknowledge();
      else this.#acknowledgeInTime();
    }
    this.onmessage?.({ data: message?.data ?? PONG });
  }

  /** Tells whether the stream begins. One that was asked for again goes on where the one before ended, or is lost. */
  #ready({ connection_id, user_id, mode, recovery }: ConnectionReadyFrame): boolean {
    const isFirst = this.#mode === '';
    if (isFirst) this.#changed = mode === 'degraded';
    else if (recovery !== 'resumed' || user_id !== this.#userId || mode !== this.#mode) this.#end(BROKEN);
    this.#connectionId = connection_id;
    this.#acknowledgedAt = this.#settings.clock.monotonic();
    this.#userId = user_id;
    this.#mode = mode;
    if (isFirst) this.#lookForBetter();
    return isFirst;
  }

  #lookForBetter(): void {
    const { better, address, clock, random, timeoutMs } = this.#settings;
    if (better === undefined) return;
    this.#probe = new WebSocketProbe({ ...better, subprotocol: this.#subprotocol, address, clock, random, timeoutMs });
  }

  /** A piece of an event came. */
  #heard(): void {
    this.onmessage?.({ data: PONG });
    this.#acknowledgeInTime();
  }

  /** On a slow link no comment comes for long: those of the server wait behind what the link has to carry. */
  #acknowledgeInTime(): void {
    if (this.#settings.clock.monotonic() - this.#acknowledgedAt >= ACKNOWLEDGE_MS) this.#acknowledge();
  }

  /** Says that the stream is read. Where that does not reach the process that serves it, the stream ends and is asked for again. */
  #acknowledge(): void {
    this.#acknowledgedAt = this.#settings.clock.monotonic();
    const url = httpUrl(this.#url, 'v1/frames');
    // A single-use ticket is not spent on this.
    if (url.searchParams.has('ticket')) return;
    const body = JSON.stringify({ type: 'ping', connection_id: this.#connectionId });
    const headers = { 'content-type': 'application/json' };
    // One at a time: a browser has six connections to a host, and those that are lost would hold all of them.
    this.#sign.abort();
    this.#sign = new AbortController();
    this.#fetch(url, { method: 'POST', body, headers, signal: this.#sign.signal })
      .then((response) => response.text())
      .catch(() => {});
  }

  async #postAll(): Promise<void> {
    this.#isPosting = true;
    for (let [sent] = this.#frames; sent !== undefined; [sent] = this.#frames) {
      const isDone = (await this.#post(sent)) || sent.frame.type === 'ack';
      // Lost: it is said again, under its id. Given up: it is gone already.
      if (isDone && this.#frames[0] === sent) this.#frames.shift();
    }
    this.#isPosting = false;
  }

  /** Makes one request of a frame; `false` if no answer came, or is awaited any more. */
  async #post({ frame, text }: SentFrame): Promise<boolean> {
    const attempt = (this.#attempt = new AbortController());
    // A millisecond more for each byte: a link of 1 kB/s is slow, and not broken.
    const timer = this.#settings.clock.after(this.#settings.timeoutMs + text.length, () => attempt.abort());
    try {
      const url = httpUrl(await this.#settings.address(), 'v1/frames');
      url.searchParams.set('user_id', this.#userId);
      const headers = { 'content-type': 'application/json' };
      const response = await this.#fetch(url, { method: 'POST', body: text, headers, signal: attempt.signal });
      if (response.status === 200) this.onmessage?.({ data: await response.text() });
      else if (!response.ok) {
        const code = await this.#refused(response, false, refOf(frame));
        if (code !== undefined) this.#end(code);
      }
      return true;
    } catch (error) {
      if (attempt.signal.aborted) return false;
      throw error;
    } finally {
      timer.cancel();
    }
  }

  async #fetch(url: URL, init: RequestInit & { readonly headers: Record<string, string> }): Promise<Response> {
    const authorization = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    // Called as the function that it is: browsers refuse it as a method of something else.
    const { fetch } = this.#settings;
    return fetch(url, {
      signal: this.#abort.signal,
      ...init,
      cache: 'no-store',
      headers: { ...init.headers, ...authorization },
    });
  }

  /** Says what a WebSocket would: an `error` frame. Tells the close code where it is the connection that was refused. */
  async #refused(response: Response, fatal: boolean, ref?: string): Promise<number | undefined> {
    const body: unknown = await response.json().catch((error: Error) => {
      if (error.name === 'AbortError') throw error;
      return {};
    });
    const { code, detail: message } = body as Partial<Record<string, string>>;
    if (code === undefined) return this.#unexplained(response.status);
    const close = CLOSE_BY_CODE[code] ?? (fatal ? (CLOSE_BY_STATUS[response.status] ?? BROKEN) : undefined);
    if (fatal || close === undefined) {
      this.onmessage?.({ data: JSON.stringify({ type: 'error', code, message, fatal, ref }) });
    }
    return close;
  }

  /** What a refusal means that has no code: it comes from something between, or from an application's own server. */
  #unexplained(status: number): number {
    if (status === 431) {
      this.#say('CREDENTIAL_INVALID', 'the token is too long for a header: give the url a single-use ticket instead');
      return UNAUTHORIZED;
    }
    if (status !== 401) return BROKEN;
    const { unauthorized } = this.#settings;
    const code = unauthorized === UNAUTHORIZED ? 'CREDENTIAL_INVALID' : 'CREDENTIAL_EXPIRED';
    this.#say(code, 'the server refuses the credential with status 401');
    return unauthorized;
  }

  /** Says why the connection ends, as a server would. */
  #say(code: string, message: string): void {
    this.onmessage?.({ data: JSON.stringify({ type: 'error', code, message, fatal: true }) });
  }

  /** A request that could not be made, or a stream that broke off: the connection is lost. */
  #guard(work: Promise<void>): void {
    work.catch(() => this.#end(BROKEN));
  }

  #end(code: number): void {
    this.close();
    this.onclose?.({ code });
  }
}

function refOf(frame: SentFrame['frame']): string | undefined {
  switch (frame.type) {
    case 'user_message':
      return frame.message_id;
    case 'tool_approval':
    case 'read_approval':
      return frame.tool_call_id;
    case 'cancel_run':
      return frame.run_id;
    default:
      return undefined;
  }
}

/** The `http:` or `https:` address of a call that lies beside the WebSocket's. The query goes along: it may hold a ticket. */
function httpUrl(webSocketUrl: string, path: string): URL {
  const url = new URL(webSocketUrl);
  const call = new URL(path, url);
  call.protocol = url.protocol.replace('ws', 'http');
  call.search = url.search;
  return call;
}
