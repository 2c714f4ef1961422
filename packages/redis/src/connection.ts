import { InFlight, type Timer } from '@ws/core/log';
import { unavailableFault, closedFault, isDemoted, logFault } from './log-fault.ts';
import { openLink } from './open-link.ts';
import type { ResolvedOptions } from './options.ts';
import type { MessageListener } from './redis-client.ts';
import type { SendCommand } from './redis-leases.ts';
import type { LinkEvents, RedisLink } from './redis-link.ts';
import type { Script } from './scripts/script.ts';
import { readServerFacts, type ServerFacts } from './server-facts.ts';

export interface ConnectionOptions extends Pick<
  ResolvedOptions,
  'source' | 'commandTimeoutMs' | 'checkIntervalMs' | 'clock'
> {
  /** What the log is called in errors: never with a password. */
  readonly place: string;
  readonly probeKey: string;
  /** The server may be another one than before. */
  readonly onReady: () => void;
  /** Compares the server with what is known of it; answers whether it may have lost events. Not asked of a cluster. */
  readonly look: (send: SendCommand, facts: ServerFacts) => Promise<boolean>;
  /** Messages may have been missed. `isNew`: nothing is subscribed to yet. */
  readonly onFeedReady: (isNew: boolean) => void;
}

/** The connections of a log, made in the background and made again when they fail. Every fault is a `LOG_…` one. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #inFlight: InFlight;
  readonly #closing = new AbortController();
  #link: RedisLink | undefined;
  #facts: ServerFacts | undefined;
  /** Whether the server is known to be the one that the facts are of. */
  #isKnown = false;
  #fault: unknown;
  /** While nobody knows yet whether the server is there: resolves when that is known. */
  #firstAttempt: Promise<void> | undefined;
  #firstAttemptEnded = (): void => undefined;
  /** While the server is asked about itself: what the answer is decides on epochs. */
  #asking: Promise<void> | undefined;
  #timer: Timer | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { clock, commandTimeoutMs, place } = options;
    this.#inFlight = new InFlight({
      clock,
      timeoutMs: commandTimeoutMs,
      timeoutFault: () => unavailableFault(place, `no answer within ${commandTimeoutMs} ms`, this.#fault),
      onSilence: () => this.#startOver(),
    });
    this.#firstAttempt = new Promise((resolve) => {
      this.#firstAttemptEnded = () => {
        this.#firstAttempt = undefined;
        resolve();
      };
    });
    this.#open();
    this.#planLook();
  }

  /** What the server said of itself when it was last asked. */
  get facts(): ServerFacts | undefined {
    return this.#facts;
  }

  /** Whether a script reaches the keys of one hash slot alone. */
  get isCluster(): boolean {
    return this.#link?.isCluster === true || this.#facts?.isCluster === true;
  }

  /** How scripts are to publish. */
  get publish(): RedisLink['publish'] {
    return this.#link?.publish ?? 'plain';
  }

  /** Whether the server knows of everybody who listens on a channel. */
  get seesListeners(): boolean {
    return this.#link?.seesListeners ?? false;
  }

  /** Sends a command to the server that holds `key`: now, so that commands of one turn leave together and in order. */
  send(key: string, args: readonly string[]): Promise<unknown> {
    return this.#run((link) => link.send(key, args));
  }

  /** Runs a script on keys of one hash slot. A server that does not have it is given it. */
  run(script: Script, keysOf: () => readonly string[], args: () => readonly string[]): Promise<unknown> {
    return this.#run((link) => {
      const keys = keysOf();
      const [key = ''] = keys;
      const rest = [String(keys.length), ...keys, ...args()];
      return link.send(key, ['EVALSHA', script.sha, ...rest]).catch((error: unknown) => {
        if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
        return link.send(key, ['EVAL', script.text, ...rest]);
      });
    });
  }

  subscribe(channel: string, listener: MessageListener): Promise<void> {
    return this.#run((link) => link.subscribe(channel, listener));
  }

  unsubscribe(channel: string, listener: MessageListener): Promise<void> {
    return this.#run((link) => link.unsubscribe(channel, listener));
  }

  /** Waits for what is under way, then lets go of the connections. What comes meanwhile is refused. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#timer?.cancel();
    this.#firstAttemptEnded();
    await this.#inFlight.idle();
    this.#link?.close();
    this.#link = undefined;
  }

  #run<Value>(start: (link: RedisLink) => Promise<Value>): Promise<Value> {
    const { place } = this.#options;
    return this.#inFlight
      .watch(() => {
        this.#ask();
        const ready = this.#firstAttempt?.then(() => this.#asking) ?? this.#asking;
        return ready === undefined ? this.#start(start) : ready.then(() => this.#start(start));
      })
      .catch((error: unknown) => {
        // When it is the master again, its data may be another server's: it is looked at before anything else.
        if (isDemoted(error)) this.#isKnown = false;
        throw logFault(error, place);
      });
  }

  #start<Value>(start: (link: RedisLink) => Promise<Value>): Promise<Value> {
    const link = this.#link;
    const { place } = this.#options;
    if (this.#closing.signal.aborted) return Promise.reject(closedFault(place));
    // A server that could not be asked about itself (it was loading its data) may be another one than before: what it has lost, and so
    // what an epoch means, is not known.
    if (link?.isReady === true && this.#isKnown) return start(link);
    const why = this.#fault instanceof Error ? messageOf(this.#fault) : 'there is no connection';
    return Promise.reject(unavailableFault(place, why, this.#fault));
  }

  #open(): void {
    const { source, probeKey, commandTimeoutMs } = this.#options;
    const { signal } = this.#closing;
    const events: LinkEvents = {
      onReady: () => this.#ready(),
      onFeedReady: () => this.#options.onFeedReady(false),
      onFault: (fault) => this.#failed(fault),
    };
    openLink(source, { probeKey, commandTimeoutMs, signal }, events).then(
      (link) => {
        if (signal.aborted) return link.close();
        this.#link = link;
        this.#ready();
        this.#firstAttemptEnded();
        this.#options.onFeedReady(true);
      },
      (error: unknown) => {
        this.#failed(error);
        // A client of the caller's that was not there when it was asked.
        if (!signal.aborted) this.#options.clock.after(commandTimeoutMs, () => this.#open());
      },
    );
  }

  /** The connection hangs: a new one may reach a server that took over, which the old one would learn of after minutes. */
  #startOver(): void {
    if (this.#options.source.kind !== 'url' || this.#link === undefined || this.#closing.signal.aborted) return;
    this.#link.close();
    this.#link = undefined;
    this.#open();
  }

  #ready(): void {
    this.#fault = undefined;
    this.#facts = undefined;
    this.#isKnown = false;
    this.#asking = undefined;
    this.#options.onReady();
    this.#ask();
  }

  /** Asks the server about itself, if it was not asked or could not answer: it may be loading its data. */
  #ask(): void {
    const link = this.#link;
    if (link?.isReady !== true || this.#isKnown || this.#asking !== undefined) return;
    const asking: Promise<void> = this.#lookAt(link)
      .then(
        (facts) => {
          if (this.#asking !== asking) return;
          this.#facts = facts;
          this.#isKnown = true;
        },
        (error: unknown) => this.#failed(error),
      )
      .finally(() => {
        if (this.#asking === asking) this.#asking = undefined;
      });
    this.#asking = asking;
  }

  /** What the server is, and whether it is the one that streams were opened on. */
  async #lookAt(link: RedisLink): Promise<ServerFacts> {
    const send: SendCommand = (key, args) => link.send(key, args);
    const facts = await readServerFacts(send, this.#options.probeKey);
    if (link.isCluster || facts.isCluster) return facts;
    const hasChanged = await this.#options.look(send, facts);
    if (hasChanged && this.#link === link) {
      this.#options.onReady();
      this.#options.onFeedReady(false);
    }
    return facts;
  }

  /** A server may become a replica and the master again, or get a replica, without a connection that is lost. */
  #planLook(): void {
    const { clock, checkIntervalMs } = this.#options;
    if (this.#closing.signal.aborted) return;
    this.#timer = clock.after(checkIntervalMs, () => {
      const link = this.#link;
      if (link?.isReady !== true || !this.#isKnown) {
        this.#ask();
        return this.#planLook();
      }
      const facts = this.#facts;
      const isSame = () => this.#link === link && this.#facts === facts;
      this.#lookAt(link)
        .then(
          (found) => {
            if (isSame()) this.#facts = found;
          },
          (error: unknown) => {
            if (!isSame()) return;
            // Whoever wants something next asks again, and hears of the fault.
            this.#isKnown = false;
            this.#failed(error);
          },
        )
        .finally(() => this.#planLook());
    });
  }

  #failed(fault: unknown): void {
    this.#fault = fault;
    // In a cluster it may be any of its servers, and the others are as they were.
    if (!this.isCluster) this.#isKnown = false;
    this.#firstAttemptEnded();
  }
}

function messageOf({ message, ...rest }: Error): string {
  if (message !== '') return message;
  // What Node says of several addresses that all refused.
  return 'code' in rest ? String(rest.code) : 'there is no connection';
}
