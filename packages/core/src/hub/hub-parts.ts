import { isWebSocketError, type RunId, type WebSocketManagerMode } from '@ws/types';
import { AgentCalls } from '../agent/agent-calls.ts';
import { CalledRuns } from '../agent/called-runs.ts';
import { NO_ANSWER } from '../agent/call-parts.ts';
import { ClockWatch, type ClockStep } from '../clock-watch.ts';
import { ConnectionLimit } from '../connection/connection-limit.ts';
import type { ConnectionSocket } from '../connection/connection-socket.ts';
import { PageReads } from '../connection/page-reads.ts';
import type { SessionServices } from '../connection/session-services.ts';
import type { AcceptOptions, Session } from '../connection/session.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import type { UnifiedWebSocketManager } from '../manager.ts';
import { LoadMonitor } from '../modes/load-monitor.ts';
import { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import { Modes } from '../modes/modes.ts';
import { OutageBuffer } from '../modes/outage-buffer.ts';
import { diagnose } from '../observe/channels.ts';
import { newCounters, type HubCounters } from '../observe/metrics.ts';
import { ApprovalDeadlines, lapsedApproval } from '../agent/approval-deadlines.ts';
import { LeaseKeeper } from '../agent/lease-keeper.ts';
import { RunRegistry } from '../agent/run-registry.ts';
import type { LocalRun } from '../agent/local-run.ts';
import { Revocations } from '../shared/revocations.ts';
import { AGENT_CALLS_STREAM, parseStreamKey, REVOCATIONS_STREAM, type StreamKey } from '../stream-key.ts';
import { Retention } from '../stream/retention.ts';
import type { StreamServices } from '../stream/stream-services.ts';
import { WriteTurn } from '../stream/append-queue.ts';
import { UserStream } from '../stream/user-stream.ts';
import type { UserContext } from '../user-context.ts';
import { Admission } from './admission.ts';
import { RetentionSweeper } from './retention-sweeper.ts';
import { EventDoor } from './event-door.ts';
import { Delivery } from '../stream/delivery.ts';
import type { ResolvedHubOptions } from './resolve-hub-options.ts';
import type { ManagerServices } from './manager-services.ts';
import { endReservedRun } from '../agent/reserved-run.ts';
import { StreamRegistry } from './stream-registry.ts';
import { TimerWheel } from '../timer-wheel.ts';
import { UserMessages } from '../agent/user-messages.ts';

export type HubState = 'open' | 'draining' | 'closed';

/** What the parts need of the hub they belong to. */
export interface HubHost {
  state(): HubState;
  manager(context: UserContext): UnifiedWebSocketManager;
  accept(socket: ConnectionSocket, options: AcceptOptions): Session;
}

/** By how much the lease of a run that an agent elsewhere is to begin outlives the call to it, in milliseconds. */
const BEHIND_CALLS_MS = 60_000;

/** The parts of a hub: made from its options, joined, and stopped in order. */
export class HubParts {
  readonly counters: HubCounters = newCounters();
  readonly admission: Admission;
  readonly wheel: TimerWheel;
  readonly modes: Modes;
  readonly breaker: LogCircuitBreaker;
  readonly outageBuffer: OutageBuffer;
  readonly streams: StreamRegistry;
  readonly runs: RunRegistry;
  readonly revocations: Revocations;
  /** Calls to an agent elsewhere, where there is one. */
  readonly agentCalls: AgentCalls | undefined;
  /** What managers get of all this. */
  readonly managerServices: ManagerServices;
  /** What sessions get of all this. */
  readonly sessionServices: SessionServices;
  readonly #options: ResolvedHubOptions;
  readonly #watch: ClockWatch;
  readonly #leases: LeaseKeeper;
  readonly #approvals: ApprovalDeadlines;
  readonly #sweeper: RetentionSweeper;
  readonly #loadMonitor: LoadMonitor;
  readonly #limit: ConnectionLimit;
  readonly #door: EventDoor;
  readonly #closing = new AbortController();

  constructor(given: ResolvedHubOptions, host: HubHost) {
    const onError = (error: unknown): void => {
      if (!isOfTheEnd(error, host.state())) given.onError(error);
    };
    const options = { ...given, onError };
    const { clock, ids, log } = options;
    this.#options = options;
    this.#watch = new ClockWatch(clock, (step) => this.#clockStepped(step));
    this.wheel = new TimerWheel(clock);
    this.#door = new EventDoor({
      rules: options,
      counters: this.counters,
      isClosed: () => host.state() === 'closed',
    });
    this.admission = new Admission(options);
    this.modes = new Modes((mode, reason) => this.#modeChanged(mode, reason));
    this.breaker = new LogCircuitBreaker({
      log,
      wheel: this.wheel,
      onLost: (reason) => this.modes.note('log_lost', reason),
      onBack: (reason) => {
        this.modes.note('log_back', reason);
        // It may have come back without them.
        this.revocations.compare();
      },
    });
    this.#loadMonitor = new LoadMonitor({
      clock,
      limits: options.loadLimits,
      heapShare: options.heapShare,
      onSample: () => this.#watch.look(),
      onHigh: (reason) => this.modes.note('load_high', reason),
      onNormal: (reason) => this.modes.note('load_normal', reason),
    });
    this.#limit = new ConnectionLimit({
      limit: options.maxConnectionsPerUser,
      table: log.shared?.connections,
      streamInMemory: (key) => this.streams.inMemory(key),
    });
    this.revocations = new Revocations({
      ...options,
      watch: this.#watch,
      wheel: this.wheel,
      breaker: this.breaker,
      onRevoked: () => this.admission.recheckCredentials(),
      newestIssuedAt: (userId) => this.admission.newestIssuedAt(userId),
    });
    const delivery = new Delivery(clock, options.coalesceMs, () => this.modes.shedding);
    this.runs = new RunRegistry({
      clock,
      cancelGraceMs: options.cancelGraceMs,
      onError,
      emit: this.#door.emit,
      isAgentElsewhere: options.agent !== undefined,
      onEnded: (stream, runId) => this.#leases.disown(stream, runId),
    });
    this.#leases = new LeaseKeeper({
      ...options,
      watch: this.#watch,
      wheel: this.wheel,
      breaker: this.breaker,
      // Calls end their runs themselves when nobody takes them: this is for those that are lost.
      reservedRunMs: options.agent && options.agent.horizonMs + BEHIND_CALLS_MS,
      unendedRuns: () => this.#unendedRuns(),
      interrupt: (stream, runId) => this.#interrupt(stream, runId),
    });
    this.#approvals = new ApprovalDeadlines({
      ...options,
      wheel: this.wheel,
      isLocal: (stream, runId) => this.runs.isLocal(stream, runId),
      lapse: (stream, runId, toolCallId) =>
        this.#door.emit(this.streams.get(stream), [lapsedApproval(runId, toolCallId)]),
    });
    this.outageBuffer = new OutageBuffer({ maxEvents: options.outageEvents, maxChars: options.outageChars });
    const streamServices: StreamServices = {
      log,
      clock,
      watch: this.#watch,
      ids,
      wheel: this.wheel,
      breaker: this.breaker,
      outageBuffer: this.outageBuffer,
      delivery,
      writeTurn: new WriteTurn(),
      counters: this.counters,
      options,
      claimRuns: (stream, events: readonly NewLogEvent[]) => this.#claim(stream, events),
      loaded: (stream, runs) => {
        this.#leases.loaded(stream, runs.unended());
        this.#approvals.loaded(stream, runs.openRuns());
      },
      runChanged: (stream, event) => this.#approvals.note(stream, event),
      appended: (stream, events: readonly NewLogEvent[]) => {
        this.#leases.release(stream, events);
        this.agentCalls?.appended(stream, events);
      },
      streamIdle: (stream) => this.streams.idle(stream),
    };
    this.streams = new StreamRegistry((key) => new UserStream(key, streamServices), this.wheel, options.streamIdleMs);
    this.agentCalls = options.agent && this.#openCalls(options, options.agent);
    this.#sweeper = new RetentionSweeper({
      ...options,
      watch: this.#watch,
      wheel: this.wheel,
      breaker: this.breaker,
      maxAgeMs: options.retention.maxAgeMs,
      trim: (stream) => this.#trim(stream),
    });
    this.managerServices = {
      clock,
      ids,
      onTiming: options.onTiming,
      runs: this.runs,
      modes: this.modes,
      log,
      closing: this.#closing.signal,
      stream: (key) => this.streams.get(key),
      streamInMemory: (key) => this.streams.inMemory(key),
      emit: this.#door.emit,
      emitOne: this.#door.emitOne,
      extendRun: async (stream, runId) => {
        await this.runs.assertGoesOn(stream, runId);
        await this.#leases.renew(stream.key, runId, options.publisherLeaseMs);
        return clock.now() + options.publisherLeaseMs;
      },
      adoptRun: (stream, run) => this.#adoptRun(stream, run),
      accept: (socket, accept) => host.accept(socket, accept),
    };
    this.sessionServices = {
      ...options,
      wheel: this.wheel,
      breaker: this.breaker,
      delivery,
      counters: this.counters,
      limit: this.#limit,
      revocations: this.revocations,
      options,
      modes: this.modes,
      runs: this.runs,
      pageReads: new PageReads(),
      userMessages: new UserMessages({
        handler: options.onUserMessage,
        maxOpenRuns: options.maxOpenRunsPerUser,
        counters: this.counters,
        onError,
        isDraining: () => host.state() !== 'open',
        runs: this.runs,
        leases: this.#leases,
        calls: this.agentCalls,
      }),
      manager: (context) => host.manager(context),
      stream: (key) => this.streams.get(key),
      sessionAuthenticated: (session) => this.admission.authenticated(session),
      sessionEnded: (session) => this.admission.left(session),
    };
  }

  get strained(): boolean {
    return this.#loadMonitor.strained;
  }

  /** Stops what runs by itself, and lets go of the streams. The log is the hub's to close. */
  stop(): void {
    this.#closing.abort();
    this.#loadMonitor.stop();
    this.#leases.stop();
    this.agentCalls?.stop();
    this.#sweeper.stop();
    this.runs.stop();
    this.streams.clear();
    this.#limit.stop();
    this.revocations.stop();
    this.wheel.stop();
  }

  #openCalls(options: ResolvedHubOptions, agent: NonNullable<ResolvedHubOptions['agent']>): AgentCalls {
    const runs = new CalledRuns({
      stream: (key) => this.streams.get(key),
      emit: this.#door.emit,
      runs: this.runs,
      leases: this.#leases,
      publisherLeaseMs: options.publisherLeaseMs,
    });
    return new AgentCalls({
      ...options,
      agent,
      runs,
      wheel: this.wheel,
      breaker: this.breaker,
      counters: this.counters,
    });
  }

  /** Makes what has to be in the log before `events` are: leases, and calls to an agent elsewhere. */
  #claim(stream: StreamKey, events: readonly NewLogEvent[]): Promise<void> | void {
    const leased = this.#leases.claim(stream, events);
    const announced = this.agentCalls?.announce(stream, events);
    if (announced === undefined || leased === undefined) return announced ?? leased;
    return Promise.all([announced, leased]).then(() => undefined);
  }

  #modeChanged(mode: WebSocketManagerMode, reason: string): void {
    this.admission.announceMode(mode, reason);
    this.counters.modeChanges += 1;
    this.#options.onModeChange?.(mode, reason);
    diagnose('agent-events:mode', () => ({ mode, reason }));
  }

  /** Elapsed time goes on as before; what is written down as a moment is looked at again. */
  #clockStepped(step: ClockStep): void {
    this.counters.clockSteps += 1;
    diagnose('agent-events:clock-step', () => step);
    this.#leases.clockStepped(step);
    this.#approvals.clockStepped();
    this.runs.clockStepped();
    this.admission.clockStepped(step);
    this.#options.onClockStep?.(step);
  }

  #adoptRun(stream: UserStream, run: LocalRun): () => void {
    const leave = this.runs.adopt(stream, run);
    this.#leases.adopt(stream.key, run.runId);
    return () => {
      leave();
      this.#leases.disown(stream.key, run.runId);
    };
  }

  async #trim(key: StreamKey): Promise<void> {
    // Both look after their streams themselves: revocations count as long as the credentials live, calls until they are taken.
    if (key === REVOCATIONS_STREAM || key === AGENT_CALLS_STREAM) return;
    const { log, retention } = this.#options;
    await (this.streams.inMemory(key) ?? new Retention(key, log, this.#watch, retention)).trim();
  }

  *#unendedRuns(): Iterable<readonly [StreamKey, RunId]> {
    for (const stream of this.streams.all()) {
      if (!stream.inMemory) continue;
      for (const runId of stream.runs.unended()) yield [stream.key, runId];
    }
  }

  async #interrupt(key: StreamKey, runId: Parameters<RunRegistry['interrupt']>[1]): Promise<void> {
    const stream = this.streams.get(key);
    const wasOpen = await this.runs.interrupt(stream, runId);
    const error = this.agentCalls === undefined ? 'the agent stopped responding' : NO_ANSWER;
    if (!wasOpen && !(await endReservedRun(stream, runId, this.#door.emit, { status: 'interrupted', error }))) return;
    this.counters.interrupted += 1;
    diagnose('agent-events:run-interrupted', () => ({ userId: parseStreamKey(key).userId, runId }));
  }
}

/**
 * Whether an error is no fault: what still works when the hub is closed (an agent that goes on, a trim under way) finds hub and log
 * closed, and that is its end. Its run was ended as interrupted by the drain, or will be by whoever finds its lease lapsed. While
 * the hub is open it is a fault: somebody closed the log under it.
 */
function isOfTheEnd(error: unknown, state: HubState): boolean {
  return state === 'closed' && isWebSocketError(error) && (error.code === 'HUB_CLOSED' || error.code === 'LOG_CLOSED');
}
