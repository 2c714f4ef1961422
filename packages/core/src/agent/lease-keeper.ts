import type { RunId } from '@ws/types';
import type { Clock, Timer } from '../clock.ts';
import type { ClockStep, ClockWatch } from '../clock-watch.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EventLog, NewLogEvent, RetentionPolicy, RunLease } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { StreamKey } from '../stream-key.ts';
import { LapsedLeases } from './lapsed-leases.ts';
import { reservedBy } from '../run/reserved-ids.ts';
import { RunMap } from './run-map.ts';

/** Leases are renewed when this share of their life is over. */
const RENEW_SHARE = 1 / 3;

export interface LeaseKeeperOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly watch: ClockWatch;
  readonly wheel: TimerWheel;
  readonly breaker: Pick<LogCircuitBreaker, 'isClosed' | 'isOutage'>;
  readonly runLeaseMs: number;
  readonly publisherLeaseMs: number;
  /** Time a run has to begin that an agent elsewhere is to answer a message with, in milliseconds. Absent: agents are in this process. */
  readonly reservedRunMs: number | undefined;
  readonly onError: (error: unknown) => void;
  readonly retention: Pick<RetentionPolicy, 'maxAgeMs'>;
  /** The open and the reserved runs of the streams that are in memory. */
  readonly unendedRuns: () => Iterable<readonly [stream: StreamKey, runId: RunId]>;
  /** Ends a run whose lease lapsed, if it is still open. */
  readonly interrupt: (stream: StreamKey, runId: RunId) => Promise<void>;
}

/**
 * Ends runs that were abandoned. A run emitted in this process keeps its lease while the process lives. A run published from outside
 * keeps it while events arrive. Leases are in the log, so another process ends the runs of a dead one. If the log lost a lease, a process
 * that has the stream in memory makes it again, so that the run does not stay open for ever. The same holds for a run that a message
 * reserves and that has not begun.
 *
 * While the log is unavailable no process can renew its leases. When it is back, each has the length of a lease to do so before its runs
 * end. The same holds after this process stood still, because it has not yet read the events that publishers sent meanwhile.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  /** Runs emitted in this process. */
  readonly #local = new RunMap<true>();
  /** When the leases of runs published from outside were last renewed, on the monotonic clock. */
  readonly #renewedAt = new RunMap<number>();
  readonly #lapsed: LapsedLeases;
  /** When the log was last found unavailable, or too slow to renew a lease in time, on the monotonic clock. */
  #awayAt = -Infinity;
  /** When the runs in memory were last given the leases that they lacked, on the monotonic clock. */
  #addedAt: number;
  #timer: Timer | undefined;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    const { log, clock, watch, runLeaseMs, publisherLeaseMs } = options;
    const longestMs = Math.max(runLeaseMs, publisherLeaseMs, options.reservedRunMs ?? 0);
    this.#lapsed = new LapsedLeases({ leases: log.leases, clock, watch, longestMs });
    this.#addedAt = clock.monotonic();
    this.#planSweep();
  }

  /** The wall clock was set, or the machine suspended: the leases in the log are moments on it. */
  clockStepped(step: ClockStep): void {
    this.#lapsed.clockStepped(step);
  }

  /** The run will be emitted in this process: its lease is renewed until it ends. */
  adopt(stream: StreamKey, runId: RunId): void {
    this.#local.set(stream, runId, true);
  }

  /** The run is not emitted here, or no longer: whoever has one of this id keeps its lease. */
  disown(stream: StreamKey, runId: RunId): void {
    this.#local.delete(stream, runId);
  }

  /** As {@link adopt}, for a run whose message is in the log already: its lease is made now, or with the next renewal. */
  adoptNow(stream: StreamKey, runId: RunId): void {
    const { log, clock, runLeaseMs } = this.#options;
    this.adopt(stream, runId);
    this.#guard(async () => log.leases.set([{ stream, runId, expiresAt: clock.now() + runLeaseMs }]));
  }

  /** A run that is not emitted here has this time, in milliseconds, to give a sign of life. Rejects with the log's errors. */
  async renew(stream: StreamKey, runId: RunId, ms: number): Promise<void> {
    const { log, clock } = this.#options;
    if (!this.#local.has(stream, runId)) await log.leases.set([{ stream, runId, expiresAt: clock.now() + ms }]);
  }

  /**
   * The run was reserved, and this process will not begin it: another agent may, at any time. Its lease outlives the message, so that no
   * process takes it for one that the log has lost.
   */
  withdraw(stream: StreamKey, runId: RunId): void {
    const { log, clock, retention } = this.#options;
    this.disown(stream, runId);
    const expiresAt = Math.min(clock.now() + 2 * retention.maxAgeMs, Number.MAX_SAFE_INTEGER);
    this.#guard(async () => log.leases.set([{ stream, runId, expiresAt }]));
  }

  /**
   * Makes and renews the leases that `events` call for, before they are written: no started run is ever without one, nor a message
   * whose run this process has adopted.
   */
  claim(stream: StreamKey, events: readonly NewLogEvent[]): void | Promise<void> {
    let leases: RunLease[] | undefined;
    const { clock, runLeaseMs, publisherLeaseMs, reservedRunMs } = this.#options;
    for (const event of events) {
      const reserved = reservedBy(event);
      const { runId = reserved, type } = event;
      if (runId === undefined) continue;
      const isLocal = this.#local.has(stream, runId);
      if (reserved !== undefined && !isLocal && reservedRunMs !== undefined) {
        (leases ??= []).push({ stream, runId, expiresAt: clock.now() + reservedRunMs });
        continue;
      }
      if (reserved === undefined ? isLocal && type !== 'agent_started' : !isLocal) continue;
      const at = clock.monotonic();
      if (!isLocal && type !== 'agent_started' && !this.#needsRenewal(stream, runId, at)) continue;
      leases ??= [];
      leases.push({ stream, runId, expiresAt: clock.now() + (isLocal ? runLeaseMs : publisherLeaseMs) });
      if (!isLocal) this.#renewedAt.set(stream, runId, at);
    }
    return leases === undefined ? undefined : this.#options.log.leases.set(leases);
  }

  /** Forgets the leases of the runs that `events` ended. */
  release(stream: StreamKey, events: readonly NewLogEvent[]): void {
    let ended: Pick<RunLease, 'stream' | 'runId'>[] | undefined;
    for (const { runId, type } of events) {
      if (runId === undefined || type !== 'agent_completed') continue;
      ended ??= [];
      ended.push({ stream, runId });
      this.#local.delete(stream, runId);
      this.#renewedAt.delete(stream, runId);
    }
    if (ended === undefined) return;
    const leases = ended;
    // A lease that stays behind does no harm: the sweep finds the run ended and deletes it.
    this.#guard(async () => this.#options.log.leases.delete(leases));
  }

  /** A stream is in memory: runs of it that have not ended and have no lease get one, for the log may have lost it. */
  loaded(stream: StreamKey, unended: Iterable<RunId>): void {
    const runs = Array.from(unended, (runId) => [stream, runId] as const);
    if (runs.length > 0) this.#guard(() => this.#add(runs));
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Ends the runs whose lease lapsed. */
  async sweep(): Promise<void> {
    const { log, clock, watch, breaker, interrupt, onError, runLeaseMs } = this.#options;
    watch.look();
    const startedAt = clock.monotonic();
    const now = clock.now();
    this.#forgetSilent();
    await this.#renewLocal();
    await this.#addMissing(startedAt);
    const lapsed = await this.#lapsed.find(now);
    const foundAt = clock.monotonic();
    if (foundAt - startedAt > runLeaseMs * RENEW_SHARE) this.#awayAt = foundAt;
    if (foundAt - this.#awayAt < runLeaseMs) return;
    const settled: RunLease[] = [];
    for (const lease of lapsed) {
      if (this.#timer === undefined) return;
      try {
        await interrupt(lease.stream, lease.runId);
        settled.push(lease);
      } catch (error) {
        // While the log is away none can be ended.
        if (breaker.isOutage(error)) throw error;
        // A run that can't be ended now (its stream is damaged, say) must not keep the others open.
        this.#lapsed.failed(lease);
        onError(error);
      }
    }
    if (settled.length > 0) await log.leases.delete(settled);
    this.#lapsed.swept(now, lapsed.length);
  }

  async #renewLocal(): Promise<void> {
    const { log, clock, runLeaseMs } = this.#options;
    const expiresAt = clock.now() + runLeaseMs;
    const leases: RunLease[] = [];
    for (const [stream, runId] of this.#local.entries()) leases.push({ stream, runId, expiresAt });
    if (leases.length > 0) await log.leases.set(leases);
  }

  async #addMissing(at: number): Promise<void> {
    const { publisherLeaseMs, unendedRuns } = this.#options;
    if (at - this.#addedAt < publisherLeaseMs * RENEW_SHARE) return;
    this.#addedAt = at;
    await this.#add(unendedRuns());
  }

  /** Their owners, if there are any, renew them. */
  async #add(runs: Iterable<readonly [stream: StreamKey, runId: RunId]>): Promise<void> {
    const { log, clock, runLeaseMs, publisherLeaseMs, reservedRunMs } = this.#options;
    const expiresAt = clock.now() + Math.max(runLeaseMs, publisherLeaseMs, reservedRunMs ?? 0);
    const leases: RunLease[] = [];
    for (const [stream, runId] of runs) {
      if (!this.#local.has(stream, runId)) leases.push({ stream, runId, expiresAt });
    }
    if (leases.length > 0) await log.leases.add(leases);
  }

  /** A run published from outside may be ended by another process: what nobody renewed for a lease's life is forgotten. */
  #forgetSilent(): void {
    const deadline = this.#options.clock.monotonic() - this.#options.publisherLeaseMs;
    for (const [stream, runId, renewedAt] of this.#renewedAt.entries()) {
      if (renewedAt <= deadline) this.#renewedAt.delete(stream, runId);
    }
  }

  #needsRenewal(stream: StreamKey, runId: RunId, at: number): boolean {
    const renewedAt = this.#renewedAt.get(stream, runId);
    return renewedAt === undefined || at - renewedAt >= this.#options.publisherLeaseMs * RENEW_SHARE;
  }

  #planSweep(): void {
    const { wheel, clock, breaker, runLeaseMs } = this.#options;
    const due = clock.monotonic() + runLeaseMs * RENEW_SHARE;
    this.#timer = wheel.after(runLeaseMs * RENEW_SHARE, () => {
      const at = clock.monotonic();
      if (!breaker.isClosed || at - due > runLeaseMs * RENEW_SHARE) this.#awayAt = at;
      if (breaker.isClosed) this.#guard(() => this.sweep());
      this.#planSweep();
    });
  }

  #guard(work: () => Promise<void>): void {
    const { clock, breaker, onError } = this.#options;
    work().catch((error: unknown) => {
      // What was under way when the hub was closed: others see to it.
      if (this.#timer === undefined) return;
      if (breaker.isOutage(error)) this.#awayAt = clock.monotonic();
      else onError(error);
    });
  }
}
