import type { ClientFrame, ConnectionReadyFrame, ErrorFrame, HelloFrame, SetThreadsFrame } from '@ws/types';
import type { Clock } from './clock.ts';
import type { SentHello } from './connection.ts';
import { readEventStream, type StreamMessage } from './event-stream.ts';
import { FrameRequests } from './frame-requests.ts';
import { BROKEN, HttpCalls, httpUrl } from './http-calls.ts';
import type { Random } from './random.ts';
import type { SocketLike, WebSocketConstructor } from './socket.ts';
import { StreamAcknowledgement } from './stream-acknowledgement.ts';
import { WebSocketProbe } from './websocket-probe.ts';

// This file is loaded where it is needed, with those it imports. They import no values from files that are loaded at once: a bundler
// would have to break the client into pieces that both can load.

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

/** Statuses of a server that has WebSockets alone. */
const NO_STREAM: readonly number[] = [404, 405, 426];
/** Close code of a stream that has not been acknowledged for a while; see CLOSE_CODES.TIMEOUT. */
const UNHEARD = 4008;
/** The server may end a stream that has not been acknowledged for so long, in milliseconds: some heartbeats, and below two minutes. */
const ENDS_AFTER_MS = 90_000;
/**
 * Before the stream begins, so many bytes of `connection_ready` are a sign of life: the longest message of a WebSocket, which shows no
 * unfinished one. Fewer, or comments, do not prolong the opening.
 */
const OPENING_BYTES = 8_192;
/** A stream that is left for one of other threads. */
const LEFT = 0;
/** What a comment of the server is to a client that waits for a sign of life. */
const PONG = '{"type":"pong","timestamp":0}';

/** A class that looks like `WebSocket` and works over HTTP: the stream comes as Server-Sent Events, frames go as requests. */
export function eventStreamSocket(settings: EventStreamSettings): WebSocketConstructor {
  return class extends EventStreamSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, settings);
    }
  };
}

class EventStreamSocket implements SocketLike {
  onopen: SocketLike['onopen'] = null;
  onmessage: ((event: { readonly data: string }) => unknown) | null = null;
  onerror: SocketLike['onerror'] = null;
  onclose: ((event: { readonly code: number }) => unknown) | null = null;
  readonly #url: string;
  readonly #settings: EventStreamSettings;
  readonly #subprotocol: string;
  readonly #calls: HttpCalls;
  readonly #requests: FrameRequests;
  readonly #acknowledgement: StreamAcknowledgement;
  /** Whose stream it is. */
  #userId = '';
  #mode = '';
  /** Bytes of `connection_ready` since the last that were a sign of life. */
  #openingBytes = 0;
  /** Where the stream goes on. */
  #lastId = '';
  /** Whether a stream that ends unheard is asked for again at once and unseen: not one on which nothing came. */
  #goesOn = false;
  /** Whether the server has changed its mode since: the client has to see the new one, and drop volatile events. */
  #changed = false;
  #probe: WebSocketProbe | undefined;
  #threads: readonly string[] = [];
  /** Other threads that are to be asked for, one after the other. */
  readonly #asked: SetThreadsFrame[] = [];
  /** Those that the stream at hand was asked for with, and has not confirmed. */
  #asking: SetThreadsFrame | undefined;
  #reading = new AbortController();

  constructor(url: string, protocols: string[], settings: EventStreamSettings) {
    this.#url = url;
    this.#settings = settings;
    this.#subprotocol = protocols[0] ?? '';
    const receive = (text: string) => this.#receive(text);
    // Behind the name of the protocol comes `jwt.TOKEN`, if anything.
    this.#calls = new HttpCalls(protocols[1]?.replace(/^jwt\./, ''), { ...settings, receive });
    this.#requests = new FrameRequests({
      ...settings,
      calls: this.#calls,
      userId: () => this.#userId,
      receive,
      end: (code) => this.#end(code),
    });
    this.#acknowledgement = new StreamAcknowledgement(url, this.#calls, settings.clock);
    // Nothing is open yet, but `hello` is wanted: it is what the stream is asked for with.
    queueMicrotask(() => (this.onopen as (() => void) | null)?.());
  }

  send(text: string): void {
    // The client's own words.
    const frame = JSON.parse(text) as Exclude<ClientFrame, HelloFrame> | SentHello;
    switch (frame.type) {
      case 'hello':
        // A stream that could not be asked for, or broke off: the connection is lost.
        this.#open(frame).catch(() => this.#end(BROKEN));
        return;
      case 'auth':
        // The stream lives as long as the credential it was opened with; frames have the new one from now on.
        this.#calls.token = frame.token;
        return;
      case 'ping':
        return;
      case 'set_threads':
        return this.#setThreads(frame);
      default:
        this.#requests.send(frame, text);
    }
  }

  giveUp(text: string): void {
    this.#requests.giveUp(text);
  }

  close(): void {
    this.#probe?.stop();
    this.#calls.stop();
    this.#reading.abort();
    this.#requests.stop();
    this.#acknowledgement.stop();
  }

  /** A stream keeps its threads: another one goes on where it stands. */
  #setThreads(frame: SetThreadsFrame): void {
    const { request_id: ref } = frame;
    if (this.#mode === 'degraded') {
      const message = 'set_threads: over HTTP the threads of a stream can be changed when the log is back';
      return this.#receive(JSON.stringify({ type: 'error', code: 'LOG_UNAVAILABLE', message, fatal: false, ref }));
    }
    // The client has to see the mode first: the next connection tells it, and the request comes again.
    if (this.#changed) return this.#end(BROKEN);
    this.#asked.push(frame);
    this.#reading.abort();
  }

  async #open({ token = this.#calls.token, resume, threads = [] }: SentHello): Promise<void> {
    this.#calls.token = token;
    this.#threads = threads;
    if (resume?.epoch !== undefined) this.#lastId = `${resume.epoch}:${resume.offset}`;
    let address = this.#url;
    for (;;) {
      const url = httpUrl(address, 'v1/events');
      const [asked] = this.#asked;
      for (const thread of asked === undefined ? this.#threads : (asked.threads ?? []))
        url.searchParams.append('thread', thread);
      if (this.#lastId === '' && resume === undefined) url.searchParams.set('after', 'head');
      url.searchParams.set('ends_after_ms', String(ENDS_AFTER_MS));
      this.#asking = asked;
      const code = await this.#read(url);
      if (code !== LEFT && (code !== UNHEARD || !this.#goesOn)) return this.#end(code);
      address = await this.#settings.address();
    }
  }

  /** Reads a stream to its end, and tells the close code. */
  async #read(url: URL): Promise<number> {
    const { signal } = (this.#reading = new AbortController());
    try {
      return await this.#readAll(url, signal);
    } catch (error) {
      if (signal.aborted && this.#asked.length > 0) return LEFT;
      throw error;
    }
  }

  async #readAll(url: URL, signal: AbortSignal): Promise<number> {
    this.#goesOn = false;
    const from = this.#lastId === '' ? {} : { 'last-event-id': this.#lastId };
    const response = await this.#calls.fetch(url, { signal, headers: { accept: 'text/event-stream', ...from } });
    const { status, ok, headers, body } = response;
    const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (NO_STREAM.includes(status) || (ok && !isStream)) {
      this.#calls.say(
        'NOT_FOUND',
        `there is no event stream at ${url.pathname} (status ${status}): this server has WebSockets only`,
      );
      return this.#settings.noStream;
    }
    if (!ok) return (await this.#calls.refused(response, true)) ?? BROKEN;
    let code = BROKEN;
    if (body === null) return code;
    await readEventStream(
      body,
      (message, id) => {
        if (message?.event === 'close') code = (JSON.parse(message.data) as { code: number }).code;
        else if (message?.event === 'error' && this.#refusesAsked(message.data)) code = LEFT;
        else this.#take(message, id);
        return message?.event !== 'close' && code !== LEFT;
      },
      (bytes) => this.#heard(bytes),
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
      if (message === null && this.#mode === '') return;
      if (message === null) this.#acknowledgement.now();
      else this.#acknowledgement.inTime();
    }
    this.#receive(message?.data ?? PONG);
  }

  /** Tells whether the stream begins. One that was asked for again goes on where the one before ended, or is lost. */
  #ready({ connection_id, user_id, mode, recovery, offset, open_runs }: ConnectionReadyFrame): boolean {
    const isFirst = this.#mode === '';
    if (isFirst) this.#changed = mode === 'degraded';
    else if (recovery !== 'resumed' || user_id !== this.#userId || mode !== this.#mode) {
      this.#end(BROKEN);
      return false;
    }
    this.#acknowledgement.begin(connection_id);
    this.#userId = user_id;
    this.#mode = mode;
    if (isFirst) this.#lookForBetter();
    else this.#answerAsked(offset, open_runs);
    return isFirst;
  }

  /** A stream of the threads that were asked for has begun. */
  #answerAsked(offset: number, open_runs: ConnectionReadyFrame['open_runs']): void {
    if (this.#asking === undefined) return;
    const { request_id: ref, threads } = this.#asking;
    this.#asking = undefined;
    this.#asked.shift();
    this.#threads = threads ?? [];
    this.#receive(JSON.stringify({ type: 'accepted', ref, offset, threads, open_runs }));
    if (this.#asked.length > 0) this.#reading.abort();
  }

  /** Whether the threads that were asked for are refused: the stream goes on as it was. */
  #refusesAsked(data: string): boolean {
    const error = JSON.parse(data) as ErrorFrame;
    if (this.#asking === undefined || error.code !== 'THREAD_NOT_ALLOWED') return false;
    this.#asked.shift();
    this.#receive(JSON.stringify({ ...error, fatal: false, ref: this.#asking.request_id }));
    return true;
  }

  #lookForBetter(): void {
    const { better, address, clock, random, timeoutMs } = this.#settings;
    if (better === undefined) return;
    this.#probe = new WebSocketProbe({ ...better, subprotocol: this.#subprotocol, address, clock, random, timeoutMs });
  }

  /** A piece of an event came, of so many bytes. */
  #heard(bytes: number): void {
    if (this.#mode === '') {
      this.#openingBytes += bytes;
      if (this.#openingBytes < OPENING_BYTES) return;
      this.#openingBytes = 0;
    }
    this.#receive(PONG);
    this.#acknowledgement.inTime();
  }

  #receive(data: string): void {
    this.onmessage?.({ data });
  }

  #end(code: number): void {
    this.close();
    this.onclose?.({ code });
  }
}
