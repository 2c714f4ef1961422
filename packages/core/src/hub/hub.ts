import { WebSocketError, type WebSocketManagerMode } from '@ws/types';
import type { AgentCalls } from '../agent/agent-calls.ts';
import type { Authentication } from '../authentication.ts';
import { authorize } from '../connection/authorization.ts';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import { Session, type AcceptOptions } from '../connection/session.ts';
import { UserRequests } from '../connection/user-requests.ts';
import { UnifiedWebSocketManager } from '../manager.ts';
import { takeSnapshot, type HubSnapshot, type InspectOptions } from './hub-snapshot.ts';
import { MemoryTickets } from '../shared/memory-tickets.ts';
import { revocationError, type AnnouncedRevocation, type Revocation } from '../shared/revocation-list.ts';
import type { RevocationReceipt } from '../shared/revocations.ts';
import type { TicketStore } from '../log/shared-state.ts';
import { checkUserContext, type UserContext } from '../user-context.ts';
import { drainSessions, type DrainOptions } from './drain.ts';
import type { HubOptions } from './hub-options.ts';
import { resolveHubOptions, type ResolvedHubOptions } from './resolve-hub-options.ts';
import { HubParts, type HubHost, type HubState } from './hub-parts.ts';
import type { HubHealth, HubStats } from './hub-status.ts';
import { ManagerRegistry } from './manager-registry.ts';
import type { TypedHub, TypedHubOptions } from './typed-hub.ts';

/**
 * The process-wide resources behind managers: the log, the streams in memory, the clock. Make one with {@link createHub} at
 * start, and close it at the end.
 */
export class Hub {
  /** Values that can be taken once, by whichever process of the service is asked first: for tickets that open a connection. */
  readonly tickets: TicketStore;
  /** @internal What users ask for without a connection. */
  readonly requests: UserRequests;
  /** @internal Calls that an agent in another process has yet to take ({@link HubOptions.agent}); absent where agents are in this one. */
  readonly agentCalls: AgentCalls | undefined;
  readonly #options: ResolvedHubOptions;
  readonly #parts: HubParts;
  readonly #managers = new ManagerRegistry();
  readonly #hurry = new AbortController();
  #state: HubState = 'open';
  #draining: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: HubOptions = {}) {
    this.#options = resolveHubOptions(options);
    const { log, clock } = this.#options;
    this.tickets = log.shared?.tickets ?? new MemoryTickets(clock);
    this.#parts = new HubParts(this.#options, this.#host());
    this.requests = new UserRequests(this.#parts.sessionServices);
    this.agentCalls = this.#parts.agentCalls;
  }

  /** The manager of a user: the same one for the same user. Throws as {@link getWebSocketManager} does. */
  manager(context: UserContext): UnifiedWebSocketManager {
    const checked = checkUserContext(context);
    return this.#managers.get(checked.stream, () =>
      UnifiedWebSocketManager.create(checked, this.#parts.managerServices),
    );
  }

  /**
   * Takes a socket. The peer says `hello` within the time limit; who it is comes from `options.authentication`, or from the
   * token in its `hello`.
   */
  accept(socket: ConnectionSocket, options: AcceptOptions): Session {
    const refusal = this.refusalFor(options);
    const session = new Session(socket, options, this.#parts.sessionServices);
    this.#parts.admission.entered(session, options.authentication !== undefined);
    if (refusal !== undefined) session.close(refusal.code === 'DRAINING' ? 'RESTARTING' : 'OVERLOADED');
    return session;
  }

  /**
   * Revokes credentials of a user. Open connections are closed in every process, whatever the issue time of their credential. No
   * connection is opened with such a credential until it would have expired.
   *
   * It takes effect in this process at once, also while the log is unavailable or full. The receipt says whether the log has it, so that
   * the other processes get it. Without `tokenId` it concerns all credentials issued until now, give or take
   * {@link HubTuning.clockToleranceMs}. The receipt says from when on new ones are accepted. Credentials issued shortly before that are
   * refused with `CREDENTIAL_EXPIRED`, so that the client fetches another; older ones with `CREDENTIAL_REVOKED`.
   *
   * @throws `INVALID_USER_ID`, `INVALID_OPTION`; errors of the log other than `LOG_UNAVAILABLE` and `LOG_FULL`
   * @example
   * ```ts
   * const { written } = await hub.revoke({ userId: 'u1', expiresAt: Date.now() + 3_600_000 }); // tokens live for an hour
   * ```
   */
  revoke(revocation: Revocation): Promise<RevocationReceipt> {
    return this.#parts.revocations.announce(revocation);
  }

  /**
   * Takes a revocation that another process of the service announced and could not write ({@link HubOptions.onUnwrittenRevocation}).
   * It takes effect here at once. The first process that reaches the log writes it.
   */
  learnRevocation(revocation: AnnouncedRevocation): void {
    this.#parts.revocations.learn(revocation);
  }

  /**
   * Whether a credential was revoked, in whatever process. Connections are checked by themselves; ask where a credential opens
   * something else.
   *
   * @throws the log's errors, while it is not known yet what was revoked before this process began
   */
  async isRevoked(authentication: Authentication): Promise<boolean> {
    return (await this.#parts.revocations.refusalWhenLoaded(authentication)) !== undefined;
  }

  /**
   * As {@link isRevoked}, and throws the code that tells the client what to do.
   *
   * @throws `CREDENTIAL_REVOKED`; `CREDENTIAL_EXPIRED` for a credential that was issued too close to a revocation to tell which came
   *   first, where another one will be good; the log's errors as {@link isRevoked}
   */
  async assertNotRevoked(authentication: Authentication): Promise<void> {
    const refusal = await this.#parts.revocations.refusalWhenLoaded(authentication);
    if (refusal !== undefined) throw revocationError(refusal);
  }

  /**
   * The time to write into a credential that this process issues to a user now, in milliseconds since 1970. It is newer than every
   * revocation that this process knows, whatever the clocks say: a user who signs in right after a revocation is accepted.
   *
   * @throws the log's errors, while it is not known yet what was revoked before this process began
   */
  async issueTime(userId: string): Promise<number> {
    await this.#parts.revocations.load();
    return Math.max(this.#options.clock.now(), this.#parts.revocations.validFrom(userId));
  }

  /** The credential of a user with the threads that {@link HubOptions.authorization} leaves of it. */
  async authorize(authentication: Authentication): Promise<Authentication> {
    return authorize(authentication, this.#options.authorization);
  }

  /** Why nobody is let in at the moment, or `undefined`: the server goes away, or sheds load. */
  get refusal(): WebSocketError | undefined {
    if (this.#state !== 'open') return new WebSocketError('DRAINING', 'the server is going away: connect again');
    if (this.#parts.modes.shedding)
      return new WebSocketError('OVERLOADED', 'the server sheds load: connect again later');
    return undefined;
  }

  /** Why a connection with or without a credential in its upgrade is not taken at the moment, or `undefined`. */
  refusalFor({ authentication }: Pick<AcceptOptions, 'authentication'>): WebSocketError | undefined {
    return this.refusal ?? this.#parts.admission.refusal(authentication !== undefined);
  }

  /**
   * Whether load approaches the limits of mode `emergency`, in which all new connections are refused. A server can first refuse the
   * clients that cause most of it.
   */
  get strained(): boolean {
    return this.#parts.strained;
  }

  /** Whether {@link close} has closed it: it takes no events any more. While it drains it does. */
  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** How the hub works at the moment. */
  get mode(): WebSocketManagerMode {
    return this.#parts.modes.mode;
  }

  /** Sheds load by hand (mode `emergency`), or stops doing so. */
  shedLoad(on: boolean, reason: string): void {
    this.#parts.modes.note(on ? 'shed_on' : 'shed_off', reason);
  }

  /** Whether the hub can do its work. Never throws. */
  async health(): Promise<HubHealth> {
    const { log } = this.#options;
    const { name, durability, durabilityProfile: profile } = log;
    const reachable = this.#state !== 'closed' && (await log.healthy());
    return {
      ready: reachable && this.#state === 'open',
      draining: this.#state !== 'open',
      mode: this.#parts.modes.mode,
      log: { name, reachable, durability, ...(profile === undefined ? {} : { profile }) },
    };
  }

  stats(): HubStats {
    const { counters, streams, admission, revocations, agentCalls } = this.#parts;
    const { sessions, unauthenticated } = admission;
    const { writeAheadBytes = 0 } = this.#options.log;
    return {
      ...counters,
      connections: sessions.size,
      unauthenticated,
      streams: streams.size,
      unwrittenRevocations: revocations.unwritten,
      waitingCalls: agentCalls?.size ?? 0,
      writeAheadBytes,
    };
  }

  /**
   * What is in memory at the moment, for an operator to look at. Goes once over all streams and connections: ask every second, not
   * for each event.
   */
  inspect(options: InspectOptions = {}): HubSnapshot {
    const { streams, admission, outageBuffer } = this.#parts;
    return takeSnapshot(streams.all(), admission.sessions.size, outageBuffer.events, options);
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
    this.#parts.stop();
    await this.#options.log.close();
    this.#parts.breaker.stop();
  }

  async #drain(options: DrainOptions): Promise<void> {
    const host = {
      clock: this.#options.clock,
      sessions: () => this.#parts.admission.sessions,
      endRuns: async () => {
        await Promise.all([this.#parts.runs.interruptLocal(), this.agentCalls?.drain()]);
      },
    };
    await drainSessions(host, options, this.#hurry.signal);
  }

  #host(): HubHost {
    return {
      state: () => this.#state,
      manager: (context) => this.manager(context),
      accept: (socket, options) => this.accept(socket, options),
    };
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
export function createHub(options?: HubOptions): Hub;
/**
 * Makes a hub whose managers take and give the events of `Events`, beside those of the protocol. What goes over the wire is the same:
 * schemas in `options.events` check payloads.
 *
 * @throws `INVALID_OPTION`, naming the option
 * @example
 * ```ts
 * const hub = createHub<{ invoice_ready: { cents: number } }>();
 * const run = await hub.manager({ userId: 'u1' }).startRun({ agentName: 'accountant' });
 * await run.emit('invoice_ready', { cents: 500 });
 * ```
 */
export function createHub<Events extends object>(options?: TypedHubOptions<Events>): TypedHub<Events>;
// The events are types alone: both signatures take the same values.
export function createHub(options: object = {}): Hub {
  return new Hub(options);
}
