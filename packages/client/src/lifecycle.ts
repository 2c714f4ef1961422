import { CLOSE_CODES, shouldReconnect, WebSocketError, type ClientFrame, type CloseReason } from '@ws/types';
import { backoffMs } from './backoff.ts';
import { answerOf } from './callback-failed.ts';
import { reduceState, type ClientAction, type ClientState, type ClosedReason } from './client-state.ts';
import type { TokenRequest } from './client-options.ts';
import type { Timer } from './clock.ts';
import { Connection, type ConnectionEnd, type SentHello } from './connection.ts';
import type { ReadFrame } from './read-frames.ts';
import type { ResolvedOptions } from './resolve-options.ts';
import type { WebSocketConstructor } from './socket.ts';
import { fetchToken } from './token.ts';
import { NO_EVENT_STREAM, TransportChoice, type Transport } from './transport.ts';
import { pageUrl, resolveUrl } from './url.ts';

/** A connection that was ready for this long was a good one: the next loss starts the backoff again. In milliseconds. */
const STABLE_MS = 5_000;
/** After this long without an answer a try is given up for a new one, when something asks for that. In milliseconds. */
const UNANSWERED_MS = 1_000;
/** How long a server that said that it restarts is expected back at any moment. In milliseconds. */
const RESTART_MS = 15_000;

export interface LifecycleHost {
  /** Done before the first connect; if it rejects, it is asked for again with the next try. */
  readonly prepare: () => Promise<void>;
  /** What to say on a new connection. */
  readonly hello: () => SentHello;
  readonly receive: (frame: ReadFrame) => void;
  readonly stateChanged: (state: ClientState) => void;
  /** The connection, which may never have been ready, is no more. */
  readonly disconnected: () => void;
  readonly report: (error: WebSocketError) => void;
}

/** Opens connections, one after the other, and decides when the next one is due. */
export class Lifecycle {
  readonly #options: ResolvedOptions;
  readonly #host: LifecycleHost;
  readonly #transports: TransportChoice;
  #state: ClientState = { status: 'idle' };
  readonly #unannounced: ClientState[] = [];
  #connection: Connection | null = null;
  /** The dial at hand: one that is still waiting for its token when another starts is outdated. */
  #dial: object | null = null;
  #attempt = 0;
  #dialedAt = 0;
  #tokenReason: TokenRequest['reason'] = 'connect';
  #readyAt: number | null = null;
  #drainAt: number | null = null;
  /** Until when a server that restarts is expected back. */
  #restartUntil = -Infinity;
  #timer: Timer | null = null;
  #fatal: WebSocketError | undefined;
  /** Why there is nothing but WebSockets; it goes with each that does not open. */
  #noStream: WebSocketError | undefined;
  /** Whether an address with another ticket was tried after the last was refused. */
  #isAskedAgain = false;

  constructor(options: ResolvedOptions, host: LifecycleHost) {
    this.#options = options;
    this.#host = host;
    this.#transports = new TransportChoice(options.transports);
  }

  get state(): ClientState {
    return this.#state;
  }

  get transport(): Transport {
    return this.#transports.current;
  }

  /** The only writer of the state. */
  dispatch(action: ClientAction): void {
    const next = reduceState(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    // A listener may cause the next change: it is announced when all of them have heard of this one.
    this.#unannounced.push(next);
    if (this.#unannounced.length > 1) return;
    for (let state: ClientState | undefined = next; state !== undefined; state = this.#unannounced[0]) {
      this.#host.stateChanged(state);
      this.#unannounced.shift();
    }
  }

  /** Starts, or tries again at once where the next try is only waited for. */
  connect(): void {
    const { status } = this.#state;
    if (status !== 'idle' && status !== 'closed') return this.#tryNow();
    this.#attempt = 0;
    this.#open();
  }

  /** Something changed for the better: do not wait, do not trust. */
  wake(): void {
    this.#connection?.probe();
    this.#tryNow();
  }

  /** Does not wait for the next try, nor for the answer to one that was made a while ago: it may never come. */
  #tryNow(): void {
    const { status } = this.#state;
    const isUnanswered = this.#options.clock.monotonic() - this.#dialedAt >= UNANSWERED_MS;
    if (status === 'waiting' || (status === 'connecting' && isUnanswered)) this.reopen();
  }

  /** Drops the connection until {@link Lifecycle.unpause}. */
  pause(): void {
    this.#release()?.drop();
    this.dispatch({ type: 'paused' });
  }

  unpause(): void {
    if (this.#state.status === 'paused') this.#open();
  }

  close(reason: ClosedReason, end: ConnectionEnd = {}): void {
    this.#release()?.drop();
    this.dispatch({ type: 'closed', reason, ...end });
  }

  /** The connection is ready. */
  ready(heartbeatMs: number): void {
    this.#readyAt = this.#options.clock.monotonic();
    this.#tokenReason = 'connect';
    this.#transports.opened();
    this.#noStream = undefined;
    this.#isAskedAgain = false;
    this.#connection?.ready(heartbeatMs);
  }

  /** The server goes away: connect again in `ms`, without waiting for its close. */
  drain(ms: number): void {
    this.#timer?.cancel();
    this.#drainAt = this.#options.clock.monotonic() + ms;
    this.#restartUntil = this.#drainAt + RESTART_MS;
    this.#timer = this.#options.clock.after(ms, () => this.reopen());
  }

  /** Takes another connection in place of the one at hand. */
  reopen(): void {
    this.#release()?.drop();
    this.#open();
  }

  /** The server says why it is about to close the connection. */
  fatal(error: WebSocketError): void {
    this.#fatal = error;
  }

  /** Ends a connection that can't be trusted any more; resumes with backoff. */
  violated(message: string): void {
    this.#connection?.violated(message);
  }

  send(frame: ClientFrame): boolean {
    this.#connection?.send(frame);
    return this.#connection !== null;
  }

  sendText(text: string): void {
    this.#connection?.sendText(text);
  }

  /** A request was given up: its answer is no longer awaited. */
  giveUp(text: string): void {
    this.#connection?.giveUp(text);
  }

  #open(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const dial = {};
    this.#dial = dial;
    this.#dialedAt = this.#options.clock.monotonic();
    this.dispatch({ type: 'connect', attempt: this.#attempt });
    void this.#run(dial);
  }

  async #run(dial: object): Promise<void> {
    const { WebSocket, clock, connectTimeoutMs } = this.#options;
    try {
      await this.#host.prepare();
      const url = await this.#url();
      const token = await fetchToken(this.#options, this.#tokenReason);
      if (dial !== this.#dial) return;
      const overHttp = this.#transports.next() === 'sse' || WebSocket === undefined;
      const Socket = overHttp ? await this.#eventStreamSocket() : WebSocket;
      if (dial !== this.#dial) return;
      this.#connection = new Connection({
        WebSocket: Socket,
        url,
        token,
        hello: this.#host.hello(),
        clock,
        timeoutMs: connectTimeoutMs,
        receive: this.#host.receive,
        ended: (end) => this.#lost(end),
      });
    } catch (error) {
      if (dial === this.#dial) this.#lost({ error: error as WebSocketError });
    }
  }

  /** Loaded when it is needed: most clients never do. */
  async #eventStreamSocket(): Promise<WebSocketConstructor> {
    const load = () => import('./event-stream-socket.ts');
    const { eventStreamSocket } = await answerOf('import', load, this.#options).catch((cause: unknown) => {
      // The network is gone, or a deployment took the file away: WebSockets have their turn again.
      this.#transports.failed();
      throw new WebSocketError('INTERNAL', 'the code of the transport sse could not be loaded; see cause', { cause });
    });
    const { WebSocket, fetch, clock, random, connectTimeoutMs, token, transports } = this.#options;
    const isBetter = WebSocket !== undefined && transports[0] === 'websocket';
    // A fresh token may help, once.
    const mayHelp = typeof token === 'function' && this.#tokenReason !== 'expired';
    return eventStreamSocket({
      fetch,
      clock,
      timeoutMs: connectTimeoutMs,
      address: () =>
        this.#url().catch((error: unknown) => {
          this.#host.report(error as WebSocketError);
          throw error;
        }),
      random,
      noStream: NO_EVENT_STREAM,
      unauthorized: (mayHelp ? CLOSE_CODES.CREDENTIAL_EXPIRED : CLOSE_CODES.UNAUTHORIZED).code,
      ...(isBetter ? { better: { WebSocket, works: () => this.reopen() } } : {}),
    });
  }

  async #url(): Promise<string> {
    const { url } = this.#options;
    return resolveUrl(typeof url === 'string' ? url : await answerOf('url', url, this.#options), pageUrl());
  }

  /** Lets go of the connection at hand, its timers, and a dial that is under way. */
  #release(): Connection | null {
    const connection = this.#connection;
    this.#timer?.cancel();
    this.#timer = null;
    this.#connection = null;
    this.#dial = null;
    this.#drainAt = null;
    this.#fatal = undefined;
    const { clock } = this.#options;
    if (this.#readyAt !== null && clock.monotonic() - this.#readyAt >= STABLE_MS) this.#attempt = 0;
    this.#readyAt = null;
    this.#host.disconnected();
    return connection;
  }

  #pace(code: number | undefined): 'usual' | 'slower' | 'restarting' {
    if (code === CLOSE_CODES.RATE_LIMITED.code) return 'slower';
    const now = this.#options.clock.monotonic();
    if (code === CLOSE_CODES.RESTARTING.code) this.#restartUntil = now + RESTART_MS;
    return now < this.#restartUntil ? 'restarting' : 'usual';
  }

  #lost(end: ConnectionEnd): void {
    const { backoff, clock, random, token, url } = this.#options;
    const { code } = end;
    const drainAt = this.#drainAt;
    let error = end.error ?? this.#fatal;
    let isHopeless = code !== undefined && !shouldReconnect(code);
    if (code === NO_EVENT_STREAM) {
      this.#noStream = error;
      isHopeless = !this.#transports.missing();
    } else if (this.#connection !== null && this.#readyAt === null) {
      if (isSilent(code)) {
        this.#transports.failed();
        error ??= this.#noStream;
      } else {
        // The server's answer about the credential may explain why a WebSocket ended without an error frame.
        this.#transports.opened();
      }
    }
    // A single-use ticket may have been too old when it arrived, as where the machine slept meanwhile: the next address has another.
    if (error?.code === 'CREDENTIAL_INVALID' && typeof url === 'function' && !this.#isAskedAgain) {
      this.#isAskedAgain = true;
      isHopeless = false;
    }
    const why = { ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) };
    this.#release();
    const expired = code === CLOSE_CODES.CREDENTIAL_EXPIRED.code;
    if (code !== undefined && (isHopeless || (expired && typeof token === 'string'))) {
      return this.dispatch({ type: 'closed', reason: reasonOf(code), ...why });
    }
    if (expired) this.#tokenReason = 'expired';
    const retryInMs =
      drainAt === null
        ? backoffMs(this.#attempt, backoff, random, this.#pace(code))
        : Math.max(0, drainAt - clock.monotonic());
    this.#attempt += 1;
    // Before the listeners hear of it: one of them may close the client, or connect at once.
    this.#timer = clock.after(retryInMs, () => this.#open());
    this.dispatch({ type: 'lost', attempt: this.#attempt, retryInMs, ...why });
    if (end.error !== undefined) this.#host.report(end.error);
  }
}

/** Whether a connection ended without a word of the server: what stands between may not let it through. */
function isSilent(code: number | undefined): boolean {
  return code === undefined || code === 1006;
}

function reasonOf(code: number): CloseReason | 'UNKNOWN' {
  const reasons = Object.keys(CLOSE_CODES) as CloseReason[];
  return reasons.find((reason) => CLOSE_CODES[reason].code === code) ?? 'UNKNOWN';
}
