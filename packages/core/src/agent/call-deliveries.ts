import type { Timer } from '../clock.ts';
import type { AgentCall } from './agent-call.ts';
import { attemptHoldMs, NO_ANSWER, type CallParts } from './call-parts.ts';
import { toAgentCall, type WaitingCall } from './call-table.ts';
import type { CallOutcome, RemoteAgent } from './remote-agent.ts';

/** Longest wait before the second attempt, in milliseconds; it doubles with each. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** After a fault that is not the agent's, in milliseconds. */
const AFTER_FAULT_MS = 2_000;

/**
 * Calls the agent. A call that it does not take is tried again, with full jitter, until its time is over: attempts of many calls do not
 * come in step. The call stays held meanwhile, so that other processes leave it alone until this one has died.
 */
export class CallDeliveries {
  readonly #parts: CallParts;
  readonly #deliver: NonNullable<RemoteAgent['deliver']>;
  readonly #underWay = new Map<string, Promise<void>>();
  /** Calls that wait for their next attempt here. */
  readonly #paused = new Map<string, Timer>();
  #isPlanned = false;
  #isStopped = false;

  constructor(parts: CallParts, deliver: NonNullable<RemoteAgent['deliver']>) {
    this.#parts = parts;
    this.#deliver = deliver;
  }

  /** Begins what can be begun, in the next turn. */
  look(): void {
    if (this.#isPlanned || this.#isStopped) return;
    this.#isPlanned = true;
    this.#parts.clock.soon(() => {
      this.#isPlanned = false;
      this.#begin();
    });
  }

  /** Begins no further attempts, and waits for those under way. */
  async drain(): Promise<void> {
    this.stop();
    await Promise.all(this.#underWay.values());
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#paused.values()) timer.cancel();
    this.#paused.clear();
  }

  #begin(): void {
    const { table, clock, breaker, agent, self, queue } = this.#parts;
    if (this.#isStopped || !breaker.isClosed) return;
    const now = clock.now();
    for (const call of table.waiting()) {
      if (this.#underWay.size >= agent.concurrency) return;
      if (this.#underWay.has(call.id) || this.#paused.has(call.id)) continue;
      const isMine = call.holder === self && queue.knowsEvent(call.id);
      if ((call.until > now && !isMine) || table.isBlocked(call)) continue;
      const work = this.#work(call)
        .catch((error: unknown) => {
          this.#pause(call.id, AFTER_FAULT_MS);
          if (!this.#isStopped && !breaker.isOutage(error)) this.#parts.onError(error);
        })
        .finally(() => {
          this.#underWay.delete(call.id);
          this.look();
        });
      this.#underWay.set(call.id, work);
    }
  }

  async #work(waiting: WaitingCall): Promise<void> {
    const { table, calls, runs, queue, clock, counters } = this.#parts;
    if (!(await queue.isConfirmed(waiting))) return this.#pause(waiting.id, AFTER_FAULT_MS);
    const call = await this.#held(waiting);
    if (call === undefined) return;
    if (queue.isOver(call)) return queue.giveUp(call, NO_ANSWER);
    const { id, stream, runId, type, attempts } = call;
    const progress = type === 'cancel_run' ? undefined : await runs.progress(stream, runId, attempts > 1);
    // An agent that has begun the run has the message, also where its answer was lost. A run that has ended needs nothing.
    if (progress === 'ended' || (progress === 'open' && type === 'user_message')) {
      return calls.append([{ op: 'done', ids: [id] }]);
    }
    const payload = await calls.payload(call);
    if (payload === undefined || table.get(id) === undefined) return;
    const outcome = await this.#attempt(toAgentCall(call, payload));
    switch (outcome.kind) {
      case 'taken':
        counters.callsTaken += 1;
        if (type === 'user_message') await runs.renew(stream, runId);
        return calls.append([{ op: 'done', ids: [id] }]);
      case 'refused':
        return queue.giveUp(call, 'the agent refused the message');
      case 'again': {
        counters.callsRetried += 1;
        const waitMs = Math.max(outcome.afterMs ?? 0, this.#parts.agent.random() * longestWait(attempts));
        const leftMs = Math.max(0, call.since + this.#parts.agent.horizonMs - clock.now());
        await this.#hold(call, Math.min(waitMs, leftMs));
        this.#pause(id, Math.min(waitMs, leftMs));
      }
    }
  }

  /** The call as this process holds it; `undefined` if another one does. */
  async #held(call: WaitingCall): Promise<WaitingCall | undefined> {
    const { clock, self, agent, table, calls } = this.#parts;
    if (call.holder !== self) {
      await this.#hold(call, 0);
    } else if (call.until < clock.now() + agent.attemptMs) {
      await calls.append([{ op: 'keep', ids: [call.id], holder: self, until: clock.now() + attemptHoldMs(agent) }]);
    }
    const held = table.get(call.id);
    return held?.holder === self ? held : undefined;
  }

  async #hold({ id }: WaitingCall, waitMs: number): Promise<void> {
    const { calls, clock, self, agent } = this.#parts;
    const at = clock.now();
    await calls.append([{ op: 'hold', ids: [id], holder: self, at, until: at + waitMs + attemptHoldMs(agent) }]);
  }

  async #attempt(call: AgentCall): Promise<CallOutcome> {
    const { clock, agent } = this.#parts;
    const ended = new AbortController();
    const timer = clock.after(agent.attemptMs, () => ended.abort());
    const isOver = new Promise<CallOutcome>((resolve) => {
      ended.signal.addEventListener('abort', () => resolve({ kind: 'again' }));
    });
    try {
      return await Promise.race([this.#deliver(call, ended.signal), isOver]);
    } catch {
      return { kind: 'again' };
    } finally {
      timer.cancel();
    }
  }

  #pause(id: string, ms: number): void {
    if (this.#isStopped) return;
    this.#paused.get(id)?.cancel();
    const timer = this.#parts.clock.after(ms, () => {
      this.#paused.delete(id);
      this.look();
    });
    this.#paused.set(id, timer);
  }
}

function longestWait(attempts: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempts, 10));
}
