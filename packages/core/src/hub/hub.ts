import { WebSocketError, type EventInput, type WebSocketManagerMode } from '@ws/types';
import type { Authentication } from '../connection/authentication.ts';
import { ConnectionLimit } from '../connection/connection-limit.ts';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import type { SessionServices } from '../connection/session-services.ts';
import { Session, type AcceptOptions } from '../connection/session.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import { UnifiedWebSocketManager } from '../manager.ts';
import { LoadMonitor } from '../modes/load-monitor.ts';
import { LogGate } from '../modes/log-gate.ts';
import { Modes } from '../modes/modes.ts';
import { Spill } from '../modes/spill.ts';
import { diagnose } from '../observe/channels.ts';
import { LeaseKeeper } from '../run/lease-keeper.ts';
import { RunDesk } from '../run/run-desk.ts';
import type { Run } from '../run/run.ts';
import { MemoryTickets } from '../shared/memory-tickets.ts';
import type { Revocation } from '../shared/revocation-list.ts';
import { Revocations } from '../shared/revocations.ts';
import type { TicketStore } from '../shared/shared-state.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import { parseStreamKey, REVOCATIONS_STREAM, type StreamKey } from '../stream-key.ts';
import { Retention } from '../stream/retention.ts';
import type { StreamServices } from '../stream/stream-services.ts';
import { UserStream } from '../stream/user-stream.ts';
import { checkUserContext, type UserContext } from '../user-context.ts';
import { AgeSweep } from './age-sweep.ts';
import { Admission } from './admission.ts';
import { checkEvents } from './check-events.ts';
import { Delivery } from './delivery.ts';
import { drainSessions, type DrainOptions } from './drain.ts';
import { takeSnapshot, type HubSnapshot, type InspectOptions } from '../observe/hub-snapshot.ts';
import { newCounters, type HubCounters } from '../observe/metrics.ts';
import { resolveHubOptions, type HubOptions, type ResolvedHubOptions } from './hub-options.ts';
import type { HubHealth, HubStats } from './hub-status.ts';
import { ManagerRegistry } from './manager-registry.ts';
import type { ManagerServices } from './manager-services.ts';
import { StreamRegistry } from './stream-registry.ts';
import { TimerWheel } from './timer-wheel.ts';
import { UserMessages } from './user-messages.ts';

/**
 * The process-wide resources behind managers: the log, the streams in memory, the clock. Make one with {@link createHub} at
 * start, and close it at the end.
 */
export class Hub {
  /** Values that can be taken once, by whichever process of the service is asked first: for tickets that open a connection. */
  readonly tickets: TicketStore;
  readonly #options: ResolvedHubOptions;
  readonly #counters: HubCounters = newCounters();
  readonly #wheel: TimerWheel;
  readonly #streams: StreamRegistry;
  readonly #managers = new ManagerRegistry();
  readonly #admission: Admission;
  readonly #leases: LeaseKeeper;
  readonly #ageSweep: AgeSweep;
  readonly #runs: RunDesk;
  readonly #sessionServices: SessionServices;
  readonly #managerServices: ManagerServices;
  readonly #modes: Modes;
  readonly #gate: LogGate;
  readonly #spill: Spill;
  readonly #loadMonitor: LoadMonitor;
  readonly #limit: ConnectionLimit;
  readonly #revocations: Revocations;
  readonly #hurry = new AbortController();
  #state: 'open' | 'draining' | 'closed' = 'open';
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HubOptions = {}) {
    const resolved = resolveHubOptions(options);
    const { clock, ids, log, onError } = resolved;
    this.#options = resolved;
    this.#wheel = new TimerWheel(clock);
    this.#admission = new Admission(resolved);
    this.#modes = new Modes((mode, reason) => this.#modeChanged(mode, reason));
    this.#gate = new LogGate({
      log,
      wheel: this.#wheel,
      onLost: (reason) => this.#modes.note('log_lost', reason),
      onBack: (reason) => this.#modes.note('log_back', reason),
    });
    this.#loadMonitor = new LoadMonitor({
      clock,
      limits: resolved.loadLimits,
      heapShare: resolved.heapShare,
      onHigh: (reason) => this.#modes.note('load_high', reason),
      onNormal: (reason) => this.#modes.note('load_normal', reason),
    });
    this.tickets = log.shared?.tickets ?? new MemoryTickets(clock);
    this.#limit = new ConnectionLimit({
      limit: resolved.maxConnectionsPerUser,
      table: log.shared?.connections,
      streamInMemory: (key) => this.#streams.inMemory(key),
    });
    this.#revocations = new Revocations({
      ...resolved,
      gate: this.#gate,
      onRevoked: () => this.#recheckCredentials(),
    });
    const delivery = new Delivery(clock, resolved.coalesceMs, () => this.#modes.shedding);
    this.#runs = new RunDesk({
      clock,
      cancelGraceMs: resolved.cancelGraceMs,
      onError,
      emit: (stream, events) => this.#emit(stream, events),
    });
    this.#leases = new LeaseKeeper({
      ...resolved,
      wheel: this.#wheel,
      gate: this.#gate,
      interrupt: (stream, runId) => this.#interrupt(stream, runId),
    });
    this.#spill = new Spill({ maxEvents: resolved.spillEvents, maxChars: resolved.spillChars });
    const streamServices: StreamServices = {
      log,
      clock,
      ids,
      wheel: this.#wheel,
      gate: this.#gate,
      spill: this.#spill,
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
    this.#ageSweep = new AgeSweep({
      ...resolved,
      wheel: this.#wheel,
      gate: this.#gate,
      maxAgeMs: resolved.retention.maxAgeMs,
      trim: (stream) => this.#trim(stream),
    });
    this.#managerServices = {
      clock,
      ids,
      onTiming: resolved.onTiming,
      runs: this.#runs,
      modes: this.#modes,
      stream: (key) => this.#streams.get(key),
      streamInMemory: (key) => this.#streams.inMemory(key),
      emit: (stream, events) => this.#emit(stream, events),
      adoptRun: (stream, run) => this.#adoptRun(stream, run),
      accept: (socket, accept) => this.accept(socket, accept),
    };
    this.#sessionServices = {
      ...resolved,
      wheel: this.#wheel,
      gate: this.#gate,
      delivery,
      counters: this.#counters,
      limit: this.#limit,
      revocations: this.#revocations,
      options: resolved,
      userMessages: new UserMessages({
        handler: resolved.onUserMessage,
        maxOpenRuns: resolved.maxOpenRunsPerUser,
        onError,
        isDraining: () => this.#state !== 'open',
        expectRun: (stream, runId) => this.#runs.expect(stream, runId),
      }),
      manager: (context) => this.manager(context),
      stream: (key) => this.#streams.get(key),
      sessionAuthenticated: (session) => this.#admission.authenticated(session),
      sessionEnded: (session) => this.#admission.left(session),
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
    const refusal = this.refusalFor(options);
    const session = new Session(socket, options, this.#sessionServices);
    this.#admission.entered(session, options.authentication !== undefined);
    if (refusal !== undefined) session.close(refusal.code === 'DRAINING' ? 'RESTARTING' : 'OVERLOADED');
    return session;
  }

  /**
   * Declares credentials of a user no longer good: connections that rest on them are closed with 4501, in every process, and none
   * is opened with them until they would have expired anyway. Resolves when the log has it; closed by then are the connections
   * of this process.
   *
   * @throws `INVALID_USER_ID`, `INVALID_OPTION`; `LOG_UNAVAILABLE` and other errors of the log: nothing was revoked then
   * @example
   * ```ts
   * await hub.revoke({ userId: 'u1', expiresAt: Date.now() + 3_600_000 }); // tokens live for an hour
   * ```
   */
  revoke(revocation: Revocation): Promise<void> {
    return this.#revocations.announce(revocation);
  }

  /**
   * Whether a credential was revoked, in whatever process. Connections are checked by themselves; ask where a credential opens
   * something else.
   *
   * @throws the log's errors, while it is not known yet what was revoked before this process began
   */
  async isRevoked(authentication: Authentication): Promise<boolean> {
    await this.#revocations.load();
    return this.#revocations.has(authentication);
  }

  /** Why nobody is let in at the moment, or `undefined`: the server goes away, or sheds load. */
  get refusal(): WebSocketError | undefined {
    if (this.#state !== 'open') return new WebSocketError('DRAINING', 'the server is going away: connect again');
    if (this.#modes.shedding) return new WebSocketError('OVERLOADED', 'the server sheds load: connect again later');
    return undefined;
  }

  /** Why a connection with or without a credential in its upgrade is not taken at the moment, or `undefined`. */
  refusalFor({ authentication }: Pick<AcceptOptions, 'authentication'>): WebSocketError | undefined {
    return this.refusal ?? this.#admission.refusal(authentication !== undefined);
  }

  /** How the hub works at the moment. */
  get mode(): WebSocketManagerMode {
    return this.#modes.mode;
  }

  /** Sheds load by hand (mode `emergency`), or stops doing so. */
  shedLoad(on: boolean, reason: string): void {
    this.#modes.note(on ? 'shed_on' : 'shed_off', reason);
  }

  /** Whether the hub can do its work. Never throws. */
  async health(): Promise<HubHealth> {
    const { log } = this.#options;
    const reachable = this.#state !== 'closed' && (await log.healthy());
    return {
      ready: reachable && this.#state === 'open',
      draining: this.#state !== 'open',
      mode: this.#modes.mode,
      log: { name: log.name, reachable, durability: log.durability },
    };
  }

  stats(): HubStats {
    const { sessions, unauthenticated } = this.#admission;
    return { ...this.#counters, connections: sessions.size, unauthenticated, streams: this.#streams.size };
  }

  /**
   * What is in memory at the moment, for an operator to look at. Goes once over all streams and connections: ask every second, not
   * for each event.
   */
  inspect(options: InspectOptions = {}): HubSnapshot {
    return takeSnapshot(this.#streams.all(), this.#admission.sessions.size, this.#spill.events, options);
  }

  /**
   * Goes away in order: refuses new connections, tells clients, ends the runs emitted here as interrupted, delivers what is on
   * its way, closes connections in batches. A second call hurries the first.
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
  close(options: DrainOptions = { deadlineMs: 0 }): Promise<void> {
    if (this.#closing === undefined) this.#closing = this.#close(options);
    else this.#hurry.abort();
    return this.#closing;
  }

  async #close(options: DrainOptions): Promise<void> {
    await this.drain(options);
    this.#state = 'closed';
    this.#loadMonitor.stop();
    this.#leases.stop();
    this.#ageSweep.stop();
    this.#runs.stop();
    this.#streams.clear();
    this.#limit.stop();
    this.#revocations.stop();
    this.#wheel.stop();
    await this.#options.log.close();
    this.#gate.stop();
  }

  #recheckCredentials(): void {
    for (const session of this.#admission.sessions) session.recheckCredential();
  }

  #modeChanged(mode: WebSocketManagerMode, reason: string): void {
    for (const session of this.#admission.sessions) session.announceMode(mode, reason);
    this.#counters.modeChanges += 1;
    this.#options.onModeChange?.(mode, reason);
    diagnose('agent-events:mode', () => ({ mode, reason }));
  }

  async #drain(options: DrainOptions): Promise<void> {
    const host = {
      clock: this.#options.clock,
      sessions: () => this.#admission.sessions,
      endRuns: () => this.#runs.interruptLocal(),
    };
    await drainSessions(host, options, this.#hurry.signal);
  }

  #emit(stream: UserStream, events: readonly EventInput[]): Promise<readonly EmitReceipt[]> {
    try {
      if (this.#state === 'closed') throw new WebSocketError('HUB_CLOSED', 'the hub was closed: no event is taken');
      const { events: schemas, traceparent } = this.#options;
      return stream.emit(checkEvents(events, schemas, traceparent));
    } catch (error) {
      this.#counters.refused += events.length;
      return Promise.reject(error instanceof Error ? error : new WebSocketError('INTERNAL', String(error)));
    }
  }

  #adoptRun(stream: UserStream, run: Run): () => void {
    const leave = this.#runs.adopt(stream, run);
    this.#leases.adopt(stream.key, run.runId);
    return () => {
      leave();
      this.#leases.disown(stream.key, run.runId);
    };
  }

  async #trim(key: StreamKey): Promise<void> {
    // Revocations look after their stream themselves: they count as long as the credentials live.
    if (key === REVOCATIONS_STREAM) return;
    const { log, clock, retention } = this.#options;
    await (this.#streams.inMemory(key) ?? new Retention(key, log, clock, retention)).trim();
  }

  async #interrupt(key: StreamKey, runId: Parameters<RunDesk['interrupt']>[1]): Promise<void> {
    if (!(await this.#runs.interrupt(this.#streams.get(key), runId))) return;
    this.#counters.interrupted += 1;
    diagnose('agent-events:run-interrupted', () => ({ userId: parseStreamKey(key).userId, runId }));
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
