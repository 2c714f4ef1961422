import { jetstream, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { InFlight } from '@ws/core/log';
import { isWebSocketError } from '@ws/types';
import { closedFault, isMissing, logFault, unavailableFault } from './log-fault.ts';
import type { NatsAddress } from './nats-url.ts';
import type { ResolvedOptions } from './options.ts';

/** A connection with the parts of JetStream that the log uses. */
export interface Link {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
  readonly jsm: JetStreamManager;
  /** What subjects of JetStream's API begin with. */
  readonly api: string;
}

export interface ConnectionOptions extends Pick<ResolvedOptions, 'source' | 'domain' | 'commandTimeoutMs' | 'clock'> {
  /** What the log is called in errors: never with a password. */
  readonly place: string;
  /**
   * Brings the streams in order on a connection that is new, or was made again: behind it there may be another server with other
   * data. Operations wait until it is done.
   */
  readonly prepare: (link: Link) => Promise<void>;
  /** The streams are in order; messages may have been missed before. */
  readonly onReady: () => void;
}

/**
 * ```
 * connecting ─▶ ready ─▶ away ─▶ preparing ─▶ ready
 * ```
 *
 * `connecting` and `preparing`: what is asked for waits. `away`: there is no connection, or the streams are not in order, and what
 * is asked for fails; the next attempt is under way or planned. Any state leads to `away` and to `closed`.
 */
type State =
  | { readonly kind: 'connecting' | 'preparing'; readonly done: Promise<void> }
  | { readonly kind: 'ready'; readonly link: Link }
  | { readonly kind: 'away'; readonly fault: unknown }
  | { readonly kind: 'closed' };

const FIRST_DELAY_MS = 50;
const MAX_DELAY_MS = 1_000;
/** So that the client's own timer is never the first. */
const CLIENT_PATIENCE_MS = 1_000;
/** A stream that has no leader yet does not answer: it is asked again soon. */
const PREPARE_TIMEOUT_MS = 500;

/** The connection of a log, made in the background and made again when it fails. Every fault is a `LOG_…` one. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #inFlight: InFlight;
  readonly #own: boolean;
  #state: State = { kind: 'away', fault: undefined };
  #link: Link | undefined;
  #preparing: Link | undefined;
  #attempts = 0;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { clock, commandTimeoutMs, place, source } = options;
    this.#own = source.kind === 'url';
    this.#inFlight = new InFlight({
      clock,
      timeoutMs: commandTimeoutMs,
      timeoutFault: () => unavailableFault(place, this.#why ?? new Error(`no answer within ${commandTimeoutMs} ms`)),
      onSilence: () => this.#startOver(),
    });
    this.#connect();
  }

  /** The connection, if its streams are in order. */
  get link(): Link | undefined {
    return this.#state.kind === 'ready' ? this.#state.link : undefined;
  }

  /** Does something that ends with an answer of the server, or fails when that takes too long. */
  run<Value>(work: (link: Link) => Promise<Value>): Promise<Value> {
    return this.#inFlight
      .watch(() => {
        const state = this.#state;
        if (state.kind !== 'connecting' && state.kind !== 'preparing') return this.#start(work);
        return state.done.then(() => this.#start(work));
      })
      .catch((error: unknown) => {
        if (isMissing(error)) this.#prepareAgain(error);
        throw logFault(error, this.#options.place);
      });
  }

  /** Waits for what is under way, then lets go of the connection if it is the log's own. What comes meanwhile is refused. */
  async close(): Promise<void> {
    this.#state = { kind: 'closed' };
    await this.#inFlight.idle();
    if (this.#own) await this.#link?.nc.close();
  }

  get #why(): unknown {
    return this.#state.kind === 'away' ? this.#state.fault : undefined;
  }

  async #start<Value>(work: (link: Link) => Promise<Value>): Promise<Value> {
    const { place } = this.#options;
    switch (this.#state.kind) {
      case 'ready':
        return work(this.#state.link);
      case 'closed':
        throw closedFault(place);
      default:
        throw unavailableFault(place, this.#why);
    }
  }

  /** Begins an attempt; it goes on as long as nothing else has become of the state. */
  #attempt(kind: 'connecting' | 'preparing', work: (isCurrent: () => boolean) => Promise<void>): void {
    const isCurrent = (): boolean => this.#state === state;
    // In a turn of its own: by then the state is set.
    const done = Promise.resolve()
      .then(() => work(isCurrent))
      .catch((fault: unknown) => {
        if (isCurrent()) this.#lost(fault, () => this.#attempt(kind, work));
      });
    const state: State = { kind, done };
    this.#state = state;
  }

  #connect(): void {
    this.#attempt('connecting', async (isCurrent) => {
      this.#link ??= await this.#open();
      if (!isCurrent()) {
        // Closed meanwhile.
        if (this.#own) await this.#link.nc.close();
        return;
      }
      await this.#prepare(this.#link, isCurrent);
    });
  }

  async #open(): Promise<Link> {
    const { source, commandTimeoutMs, domain } = this.#options;
    const nc = source.kind === 'url' ? await open(source.address, commandTimeoutMs) : source.connection;
    void this.#watch(nc);
    this.#preparing = await linkOn(nc, domain, Math.min(PREPARE_TIMEOUT_MS, commandTimeoutMs));
    return linkOn(nc, domain, commandTimeoutMs + CLIENT_PATIENCE_MS);
  }

  /** The streams have to be looked at again; what is asked for waits. */
  #startPreparing(): void {
    const link = this.#link;
    if (link !== undefined) this.#attempt('preparing', (isCurrent) => this.#prepare(link, isCurrent));
  }

  async #prepare(link: Link, isCurrent: () => boolean): Promise<void> {
    const { clock, commandTimeoutMs, prepare } = this.#options;
    const began = clock.monotonic();
    for (let tries = 1; isCurrent(); tries += 1) {
      try {
        await prepare(this.#preparing ?? link);
        break;
      } catch (error) {
        // Streams that are being made, or choose a leader, do not answer yet: what is asked for goes on waiting.
        if (isWebSocketError(error) || clock.monotonic() - began > commandTimeoutMs) throw error;
        await new Promise<void>((resolve) => clock.after(delayMs(tries), resolve));
      }
    }
    // Meanwhile the connection may have been lost again, or closed.
    if (!isCurrent()) return;
    this.#attempts = 0;
    this.#state = { kind: 'ready', link };
    this.#options.onReady();
  }

  #lost(fault: unknown, again: () => void): void {
    const state: State = { kind: 'away', fault };
    this.#state = state;
    this.#attempts += 1;
    this.#options.clock.after(delayMs(this.#attempts), () => {
      if (this.#state === state) again();
    });
  }

  async #watch(nc: NatsConnection): Promise<void> {
    let fault: unknown = new Error('the connection was lost');
    for await (const status of nc.status()) {
      if (this.#state.kind === 'closed') return;
      if (status.type === 'error') fault = status.error;
      if (status.type === 'disconnect') this.#away(fault);
      if (status.type === 'reconnect') this.#startPreparing();
    }
    this.#away(new Error('the connection was closed'));
  }

  #away(fault: unknown): void {
    if (this.#state.kind === 'closed') return;
    this.#state = { kind: 'away', fault };
    // Answers to what was asked can't come any more.
    this.#inFlight.failAll(() => unavailableFault(this.#options.place, fault));
  }

  /** The streams were deleted while they were used, or have no leader. */
  #prepareAgain(fault: unknown): void {
    if (this.#state.kind === 'ready') this.#lost(fault, () => this.#startPreparing());
  }

  /** The connection hangs: a new one may reach a server that took over, which this one would learn of after minutes. */
  #startOver(): void {
    if (this.#own && this.#state.kind !== 'closed') this.#link?.nc.reconnect().catch(() => undefined);
  }
}

async function linkOn(nc: NatsConnection, domain: string | undefined, timeout: number): Promise<Link> {
  const api = domain === undefined ? '$JS.API' : `$JS.${domain}.API`;
  const js = jetstream(nc, { apiPrefix: api, timeout });
  return { nc, js, jsm: await js.jetstreamManager(false), api };
}

function open({ servers, tls, user, password, token }: NatsAddress, timeoutMs: number): Promise<NatsConnection> {
  return connect({
    servers: [...servers],
    ...(tls ? { tls: {} } : {}),
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { pass: password }),
    ...(token === undefined ? {} : { token }),
    timeout: timeoutMs,
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    // A stack trace for each request takes a quarter of its processor time.
    noAsyncTraces: true,
    // A peer that is gone without a word is noticed, also by a connection that only listens.
    pingInterval: Math.ceil(timeoutMs / 2),
    maxPingOut: 2,
    reconnectDelayHandler: () => delayMs(5),
  });
}

/** Up to twice as long each time, so that many processes do not come back at the same moment. */
function delayMs(attempt: number): number {
  const longest = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(longest * (0.5 + Math.random() / 2));
}
