import { isWebSocketError, WebSocketError, type RunId } from '@ws/types';
import type { Timer } from '../clock.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import { messageRunAgain } from '../run/reserved-ids.ts';
import type { StreamKey } from '../stream-key.ts';
import { callOf, type NewCall } from './agent-call.ts';
import { CallClaims } from './call-claims.ts';
import { CallDeliveries } from './call-deliveries.ts';
import { CallLog } from './call-log.ts';
import { attemptHoldMs, NO_ANSWER, type AgentCallsOptions, type CallQueue } from './call-parts.ts';
import type { FailedCall } from './call-record.ts';
import { CallTable, type WaitingCall } from './call-table.ts';

/** How often calls are looked at whose time may be over, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
/** Looks between two comparisons with the log: a message about an append may be lost. */
const LOOKS_PER_READ = 10;
const LOOKS_PER_COMPACTION = 30;
/** For how long the event of a call may come later than the emit deadline, in milliseconds. */
const LATE_EVENT_MS = 60_000;

/**
 * The calls to an agent that lives elsewhere, kept in the log until it has them: what users said, cancelled and decided.
 *
 * A call is in the log before the event that it is about, so no accepted message is without one, whatever process dies. It counts when
 * the user's stream has the event. Who delivers a call holds it for a time; when that is over any process may take it over. An agent may
 * therefore get a call more than once, always under the same id.
 */
export class AgentCalls implements CallQueue {
  /** Hands calls out, where the agent fetches them. */
  readonly claims: CallClaims;
  readonly #options: AgentCallsOptions;
  readonly #table = new CallTable();
  readonly #log: CallLog;
  readonly #deliveries: CallDeliveries | undefined;
  /** This process, as a holder. */
  readonly #self: string;
  /** Calls that this process has written, by stream and event, while the event is on its way into the log. */
  readonly #announced = new Map<string, Announced>();
  /** Calls whose events are known to be in their streams. */
  readonly #confirmed = new Set<string>();
  #timer: Timer | undefined;
  #looks = 0;
  #isStopped = false;

  /** @internal */
  constructor(options: AgentCallsOptions) {
    const { agent, ids } = options;
    this.#options = options;
    this.#self = ids.next();
    this.#log = new CallLog(this.#table, { ...options, onChange: () => this.#changed() });
    const parts = { ...options, table: this.#table, calls: this.#log, queue: this, self: this.#self };
    this.claims = new CallClaims(parts);
    this.#deliveries = agent.deliver === undefined ? undefined : new CallDeliveries(parts, agent.deliver);
    this.#read();
    this.#planLook();
  }

  /** Calls that wait or are held, of all users. */
  get size(): number {
    return this.#table.size;
  }

  /** Runs that are to answer messages of this stream which the agent does not have yet. */
  runsOf(stream: StreamKey): ReadonlySet<RunId> {
    return this.#table.runsOf(stream);
  }

  /** Throws `OVERLOADED` while too many calls wait. */
  assertRoom(): void {
    const { maxWaiting } = this.#options.agent;
    if (this.#table.size < maxWaiting) return;
    throw new WebSocketError('OVERLOADED', `${maxWaiting} calls wait for the agent: send it again later`);
  }

  /**
   * Writes the calls that `events` stand for, before the events are written.
   *
   * @throws the log's errors
   */
  announce(stream: StreamKey, events: readonly NewLogEvent[]): Promise<void> | undefined {
    let all: Promise<unknown>[] | undefined;
    for (const event of events) {
      const call = callOf(stream, event);
      if (call === undefined || this.#options.runs.isLocal(stream, call.runId)) continue;
      (all ??= []).push(this.#write(call));
    }
    return all === undefined ? undefined : Promise.all(all).then(() => undefined);
  }

  /** The events are in the log: their calls may be delivered. */
  appended(stream: StreamKey, events: readonly NewLogEvent[]): void {
    if (this.#announced.size === 0) return;
    for (const { eventId } of events) {
      const key = announcedKey(stream, eventId);
      const announced = this.#announced.get(key);
      if (announced === undefined) continue;
      this.#announced.delete(key);
      this.#confirmed.add(announced.id);
      if (this.#deliveries === undefined) this.#guard(this.#offer(announced.id));
    }
    this.#deliveries?.look();
  }

  knowsEvent(callId: string): boolean {
    return this.#confirmed.has(callId);
  }

  /**
   * Whether the event of a call is in its stream. If it is not there after a while it never will be, and the call is dropped.
   *
   * @throws the log's errors
   */
  async isConfirmed(call: WaitingCall): Promise<boolean> {
    if (this.#confirmed.has(call.id)) return true;
    const { clock, runs, emitDeadlineMs } = this.#options;
    if (await runs.has(call.stream, call.eventId)) {
      this.#confirmed.add(call.id);
      return true;
    }
    const isLost = clock.now() > call.at + emitDeadlineMs + LATE_EVENT_MS;
    if (isLost) await this.#log.append([{ op: 'done', ids: [call.id] }]);
    return false;
  }

  /** Whether nobody has worked on a call for too long. */
  isOver(call: WaitingCall): boolean {
    const { clock, agent } = this.#options;
    return clock.now() >= call.since + agent.horizonMs;
  }

  /**
   * The agent does not take a call: the run that was to answer a message ends, and the call goes to the list of failed ones. This process
   * holds it.
   *
   * @throws the log's errors
   */
  async giveUp(call: WaitingCall, reason: string): Promise<void> {
    const { runs, clock, counters, agent } = this.#options;
    if (call.type === 'user_message') {
      const progress = await runs.progress(call.stream, call.runId, true);
      if (progress === 'ended') return this.#log.append([{ op: 'done', ids: [call.id] }]);
      await runs.giveUp(call.stream, call.runId, reason);
    }
    await this.#log.append([{ op: 'fail', id: call.id, at: clock.now(), reason }]);
    counters.callsFailed += 1;
    agent.onGivenUp?.({ callId: call.id, type: call.type, attempts: call.attempts }, reason);
  }

  /** Calls that wait, are held, or failed within a day, oldest first. */
  list(): { readonly waiting: readonly WaitingCall[]; readonly failed: readonly FailedCall[] } {
    return { waiting: [...this.#table.waiting()], failed: this.#table.failed(this.#options.clock.now()) };
  }

  /**
   * Sends a call again that failed. A message gets a new run, because the one that was to answer it has ended.
   *
   * @returns the id of the new call, and its run
   * @throws `NOT_FOUND` for a call that is not among the failed ones, or whose event the user's stream does not keep any more
   */
  async sendAgain(callId: string): Promise<{ readonly callId: string; readonly runId: RunId }> {
    const { runs, log, clock, agent } = this.#options;
    const failed = this.#table.failed(clock.now()).find((one) => one.callId === callId);
    if (failed === undefined) throw new WebSocketError('NOT_FOUND', `there is no failed call ${callId}`);
    const { stream, eventId } = failed;
    const [offset] = await log.lookup(stream, [eventId]);
    const event = offset === undefined ? undefined : (await log.read(stream, offset - 1, 1)).events[0];
    const call = event?.eventId === eventId ? callOf(stream, event) : undefined;
    if (call === undefined) throw new WebSocketError('NOT_FOUND', `the event of call ${callId} is not kept any more`);
    const isMessage = call.type === 'user_message';
    const again: NewCall = {
      ...call,
      id: isMessage ? numberedAgain(callId) : callId,
      runId: isMessage ? messageRunAgain(failed.runId) : call.runId,
      at: clock.now(),
    };
    if (isMessage) await runs.renew(stream, again.runId, agent.horizonMs + LATE_EVENT_MS);
    await this.#log.append([{ op: 'call', call: again, replaces: callId }]);
    return { callId: again.id, runId: again.runId };
  }

  /** Takes no further calls, waits for the attempts under way, and lets other processes take over at once. Never rejects. */
  async drain(): Promise<void> {
    this.claims.stop();
    await this.#deliveries?.drain();
    const { breaker, onError } = this.#options;
    const mine = [...this.#table.waiting()].filter(({ holder }) => holder === this.#self).map(({ id }) => id);
    if (mine.length === 0 || !breaker.isClosed) return;
    try {
      await this.#log.append([{ op: 'free', ids: mine, holder: this.#self }]);
    } catch (error) {
      // They are taken over when their time is over.
      if (!breaker.isOutage(error)) onError(error);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
    this.claims.stop();
    this.#deliveries?.stop();
    this.#log.stop();
  }

  /** Written once, however often the append of its event is tried. */
  #write(call: NewCall): Promise<void> {
    const key = announcedKey(call.stream, call.eventId);
    const known = this.#announced.get(key);
    if (known !== undefined && (!known.isWritten || this.#table.get(call.id) !== undefined)) return known.writing;
    const { clock, agent } = this.#options;
    const until = clock.now() + attemptHoldMs(agent);
    const writing = this.#log.append([{ op: 'call', call, holder: this.#self, until }]);
    const announced: Announced = { id: call.id, at: clock.now(), writing, isWritten: false };
    this.#announced.set(key, announced);
    writing.then(
      () => (announced.isWritten = true),
      // One that could not be written is written with the next try of its event.
      () => this.#announced.delete(key),
    );
    return writing;
  }

  /** Where the agent fetches its calls, this process does not hold one. */
  async #offer(id: string): Promise<void> {
    await this.#log.append([{ op: 'free', ids: [id], holder: this.#self }]);
  }

  #changed(): void {
    this.#deliveries?.look();
    this.claims.look();
  }

  #planLook(): void {
    this.#timer = this.#options.wheel.after(LOOK_EVERY_MS, () => {
      this.#planLook();
      this.#looks += 1;
      if (!this.#options.breaker.isClosed) return;
      if (!this.#log.isLoaded || this.#looks % LOOKS_PER_READ === 0) this.#read();
      if (this.#looks % LOOKS_PER_COMPACTION === 0) this.#guard(this.#log.compact());
      this.#forgetGone();
      this.#changed();
      if (this.#deliveries === undefined) this.#guard(this.#giveUpSilent());
    });
  }

  /** Calls that no agent fetched, or that agents left too often. */
  async #giveUpSilent(): Promise<void> {
    const { clock, agent } = this.#options;
    const now = clock.now();
    for (const call of this.#table.waiting()) {
      if (call.until > now || !(this.isOver(call) || this.claims.isWornOut(call))) continue;
      const until = now + attemptHoldMs(agent);
      await this.#log.append([{ op: 'hold', ids: [call.id], holder: this.#self, at: now, until }]);
      if (this.#table.get(call.id)?.holder === this.#self && (await this.isConfirmed(call)))
        await this.giveUp(call, NO_ANSWER);
    }
  }

  #forgetGone(): void {
    for (const id of this.#confirmed) if (this.#table.get(id) === undefined) this.#confirmed.delete(id);
    const longAgo = this.#options.clock.now() - this.#options.emitDeadlineMs - LATE_EVENT_MS;
    for (const [key, { at, isWritten }] of this.#announced) if (isWritten && at < longAgo) this.#announced.delete(key);
  }

  #read(): void {
    this.#guard(this.#log.readOn());
  }

  #guard(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (this.#isStopped || this.#options.breaker.isOutage(error)) return;
      if (isWebSocketError(error) && error.code === 'HUB_CLOSED') return;
      this.#options.onError(error);
    });
  }
}

/** A call that this process has written. */
interface Announced {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly writing: Promise<void>;
  isWritten: boolean;
}

function announcedKey(stream: StreamKey, eventId: string): string {
  return `${stream}\n${eventId}`;
}

/** `call_x`, `call_x~2`, `call_x~3`: a message sent again is another call, for another run. */
function numberedAgain(callId: string): string {
  const [base = callId, number = '1'] = callId.split('~');
  return `${base}~${Number(number) + 1}`;
}
