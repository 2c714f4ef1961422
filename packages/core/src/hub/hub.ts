import {
  parseEventInput,
  WebSocketError,
  WebSocketManagerMode,
  type EventInput,
  type CheckedEventInput,
} from '@ws/types';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import type { SessionServices } from '../connection/session-services.ts';
import { Session, type AcceptOptions } from '../connection/session.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import { UnifiedWebSocketManager } from '../manager.ts';
import { LeaseKeeper } from '../run/lease-keeper.ts';
import { RunDesk } from '../run/run-desk.ts';
import type { Run } from '../run/run.ts';
import type { EmitReceipt } from '../stream/append-queue.ts';
import type { StreamKey } from '../stream-key.ts';
import type { StreamServices } from '../stream/stream-services.ts';
import { UserStream } from '../stream/user-stream.ts';
import { checkUserContext, type UserContext } from '../user-context.ts';
import { Delivery } from './delivery.ts';
import { drainSessions, type DrainOptions } from './drain.ts';
import { newCounters, type HubCounters } from './hub-counters.ts';
import { resolveHubOptions, type HubOptions, type ResolvedHubOptions } from './hub-options.ts';
import { ManagerRegistry } from './manager-registry.ts';
import type { ManagerServices } from './manager-services.ts';
import { StreamRegistry } from './stream-registry.ts';
import { TimerWheel } from './timer-wheel.ts';
import { UserMessages } from './user-messages.ts';

/** What a hub holds at the moment, and what it has done. */
export interface HubStats extends HubCounters {
  /** Sockets, also those that have not said hello yet. */
  readonly connections: number;
  /** Streams in memory. */
  readonly streams: number;
}

export interface HubHealth {
  /** Whether new connections and events are taken. */
  readonly ready: boolean;
  readonly draining: boolean;
  readonly mode: WebSocketManagerMode;
  readonly log: { readonly name: string; readonly reachable: boolean; readonly durability: string };
}

/**
 * The process-wide resources behind managers: the log, the streams in memory, the clock. Make one with {@link createHub} at
 * start, and close it at the end.
 */
export class Hub {
  readonly #options: ResolvedHubOptions;
  readonly #counters: HubCounters = newCounters();
  readonly #wheel: TimerWheel;
  readonly #streams: StreamRegistry;
  readonly #managers = new ManagerRegistry();
  readonly #sessions = new Set<Session>();
  readonly #leases: LeaseKeeper;
  readonly #runs: RunDesk;
  readonly #sessionServices: SessionServices;
  readonly #managerServices: ManagerServices;
  readonly #hurry = new AbortController();
  #state: 'open' | 'draining' | 'closed' = 'open';
  #draining: Promise<void> | undefined;

  constructor(options: HubOptions = {}) {
    const resolved = resolveHubOptions(options);
    const { clock, ids, log, onError } = resolved;
    this.#options = resolved;
    this.#wheel = new TimerWheel(clock);
    const delivery = new Delivery(clock, resolved.coalesceMs);
    this.#runs = new RunDesk({
      clock,
      cancelGraceMs: resolved.cancelGraceMs,
      onError,
      emit: (stream, events) => this.#emit(stream, events),
    });
    this.#leases = new LeaseKeeper({
      ...resolved,
      wheel: this.#wheel,
      interrupt: (stream, runId) => this.#interrupt(stream, runId),
    });
    const streamServices: StreamServices = {
      log,
      clock,
      ids,
      delivery,
      counters: this.#counters,
      options: resolved,
      claimRuns: (stream, events: readonly NewLogEvent[]) => this.#leases.claim(stream, events),
      releaseRuns: (stream, events: readonly NewLogEvent[]) => this.#leases.release(stream, events),
      streamIdle: (stream) => this.#streams.idle(stream),
    };
    this.#streams = new StreamRegistry(
      (key) => new UserStream(key, streamServices),
      this.#wheel,
      resolved.streamIdleMs,
    );
    this.#managerServices = {
      clock,
      ids,
      runs: this.#runs,
      stream: (key) => this.#streams.get(key),
      streamInMemory: (key) => this.#streams.inMemory(key),
      emit: (stream, events) => this.#emit(stream, events),
      adoptRun: (stream, run) => this.#adoptRun(stream, run),
      accept: (socket, accept) => this.accept(socket, accept),
    };
    this.#sessionServices = {
      ...resolved,
      wheel: this.#wheel,
      delivery,
      counters: this.#counters,
      options: resolved,
      userMessages: new UserMessages(resolved.onUserMessage, onError),
      manager: (context) => this.manager(context),
      stream: (key) => this.#streams.get(key),
      sessionEnded: (session) => this.#sessions.delete(session),
    };
  }

  /** The manager of a user: the same one for the same user. Throws as {@link getWebSocketManager} does. */
  manager(context: UserContext): UnifiedWebSocketManager {
    const checked = checkUserContext(context);
    return this.#managers.get(checked.stream, () => new UnifiedWebSocketManager(checked, this.#managerServices));
  }

  /**
   * Takes a socket. The peer says `hello` within the time limit; who it is comes from `options.authentication`, or from the
   * token in its `hello`.
   */
  accept(socket: ConnectionSocket, options: AcceptOptions): Session {
    const session = new Session(socket, options, this.#sessionServices);
    this.#sessions.add(session);
    if (this.#state !== 'open') session.close('RESTARTING');
    return session;
  }

  get draining(): boolean {
    return this.#state !== 'open';
  }

  /** Whether the hub can do its work. Never throws. */
  async health(): Promise<HubHealth> {
    const { log } = this.#options;
    const reachable = this.#state !== 'closed' && (await log.healthy());
    return {
      ready: reachable && this.#state === 'open',
      draining: this.draining,
      mode: WebSocketManagerMode.UNIFIED,
      log: { name: log.name, reachable, durability: log.durability },
    };
  }

  stats(): HubStats {
    return { ...this.#counters, connections: this.#sessions.size, streams: this.#streams.size };
  }

  /**
   * Goes away in order: refuses new connections, tells clients, delivers what is on its way, ends the runs emitted here as
   * interrupted, closes connections in batches. A second call hurries the first.
   */
  drain(options: DrainOptions = {}): Promise<void> {
    if (this.#draining !== undefined) {
      this.#hurry.abort();
      return this.#draining;
    }
    this.#state = 'draining';
    this.#draining = this.#drain(options);
    return this.#draining;
  }

  /** Drains if that was not done, and closes the log. The hub can't be used afterwards. */
  async close(options: DrainOptions = { deadlineMs: 0 }): Promise<void> {
    if (this.#state === 'closed') return;
    await this.drain(options);
    this.#state = 'closed';
    this.#leases.stop();
    this.#runs.stop();
    this.#streams.clear();
    this.#wheel.stop();
    await this.#options.log.close();
  }

  async #drain(options: DrainOptions): Promise<void> {
    await this.#runs.interruptLocal();
    const host = { clock: this.#options.clock, sessions: () => this.#sessions };
    await drainSessions(host, options, this.#hurry.signal);
  }

  async #emit(stream: UserStream, events: readonly EventInput[]): Promise<readonly EmitReceipt[]> {
    if (this.#state === 'closed') throw new WebSocketError('HUB_CLOSED', 'the hub was closed: no event is taken');
    const checked: CheckedEventInput[] = [];
    for (const [index, event] of events.entries()) {
      const result = parseEventInput(event);
      if (!result.ok) {
        this.#counters.refused += events.length;
        const place = events.length === 1 ? '' : `events[${index}]: `;
        throw new WebSocketError(result.code, `${place}${result.message}`);
      }
      checked.push(result.value);
    }
    return stream.emit(checked);
  }

  #adoptRun(stream: UserStream, run: Run): () => void {
    const leave = this.#runs.adopt(stream, run);
    this.#leases.adopt(stream.key, run.runId);
    return () => {
      leave();
      this.#leases.disown(stream.key, run.runId);
    };
  }

  async #interrupt(key: StreamKey, runId: Parameters<RunDesk['interrupt']>[1]): Promise<void> {
    if (await this.#runs.interrupt(this.#streams.get(key), runId)) this.#counters.interrupted += 1;
  }
}

/**
 * Makes a hub.
 *
 * @throws `INVALID_OPTION`, naming the option
 * @example
 * ```ts
 * const hub = createHub({ log: openSqliteLog({ path: './data/events.db' }) });
 * const manager = getWebSocketManager({ userId: 'u1' }, hub);
 * ```
 */
export function createHub(options: HubOptions = {}): Hub {
  return new Hub(options);
}
