import type { JsonObject, RunId } from '@ws/types';
import { parseStreamKey, type StreamKey } from '../stream-key.ts';
import type { AgentCall, NewCall } from './agent-call.ts';
import type { CallRecord, FailedCall } from './call-record.ts';

/** A call that the agent does not have yet, as far as the records tell. Its payload stays in the log. */
export interface WaitingCall extends Omit<NewCall, 'payload'> {
  /** Where the record with its payload is. */
  readonly offset: number;
  /** Who delivers it, or works on it, until {@link WaitingCall.until}. */
  readonly holder: string | undefined;
  /** Milliseconds since 1970. From then on another process or agent may hold it. */
  readonly until: number;
  readonly attempts: number;
  /** Since when nobody has worked on it, in milliseconds since 1970: the agent is given up after a while. */
  readonly since: number;
}

/** Calls that failed are listed for this long, in milliseconds. */
const FAILED_FOR_MS = 86_400_000;
/** Of those the newest are kept. */
const MAX_FAILED = 1_000;

/**
 * The calls to agents, folded from their records in the order of the log: every process that has read as far has the same table.
 *
 * Messages of a thread are handed over one after the other, behind the decisions of earlier approvals. Decisions wait for earlier ones
 * of their thread, and not for messages: the message that began their run may still be worked on. A cancellation waits for nothing.
 */
export class CallTable {
  readonly #waiting = new Map<string, WaitingCall>();
  /** Ids of the calls of a thread that have an order, oldest first. */
  readonly #lanes = new Map<string, Set<string>>();
  readonly #messages = new Map<StreamKey, Set<RunId>>();
  readonly #failed = new Map<string, FailedCall>();

  get size(): number {
    return this.#waiting.size;
  }

  get(id: string): WaitingCall | undefined {
    return this.#waiting.get(id);
  }

  /** All that wait or are held, oldest first. */
  waiting(): Iterable<WaitingCall> {
    return this.#waiting.values();
  }

  /** Runs of a stream that are to answer messages which wait or are held. */
  runsOf(stream: StreamKey): ReadonlySet<RunId> {
    return this.#messages.get(stream) ?? NO_RUNS;
  }

  failed(now: number): readonly FailedCall[] {
    return [...this.#failed.values()].filter(({ failedAt }) => failedAt > now - FAILED_FOR_MS);
  }

  /** Whether an earlier call of the thread has to be taken first. */
  isBlocked(call: WaitingCall): boolean {
    if (call.type === 'cancel_run') return false;
    for (const id of this.#lanes.get(laneOf(call)) ?? []) {
      if (id === call.id) return false;
      if (call.type === 'user_message' || this.#waiting.get(id)?.type === 'tool_approval') return true;
    }
    return false;
  }

  /** The offset before which no record is needed any more; `undefined` if none is. */
  oldestOffset(): number | undefined {
    let oldest: number | undefined;
    for (const { offset } of this.#waiting.values()) oldest = Math.min(oldest ?? offset, offset);
    return oldest;
  }

  /** Begins again with what a checkpoint kept. */
  reset(failed: readonly FailedCall[]): void {
    for (const map of [this.#waiting, this.#lanes, this.#messages, this.#failed]) map.clear();
    for (const call of failed) this.#failed.set(call.callId, call);
  }

  apply(record: CallRecord, offset: number): void {
    switch (record.op) {
      case 'call':
        return this.#add(record, offset);
      case 'hold':
        return this.#change(record.ids, (call) => {
          if (call.until > record.at && call.holder !== record.holder) return call;
          const { holder, until, isWork = false } = record;
          return { ...call, holder, until, attempts: call.attempts + 1, since: isWork ? until : call.since };
        });
      case 'keep':
        return this.#change(record.ids, (call) =>
          call.holder === record.holder
            ? { ...call, until: record.until, since: record.isWork === true ? record.until : call.since }
            : call,
        );
      case 'free':
        return this.#change(record.ids, (call) =>
          call.holder === record.holder ? { ...call, holder: undefined, until: 0, attempts: call.attempts - 1 } : call,
        );
      case 'done':
        for (const id of record.ids) {
          const call = this.#waiting.get(id);
          if (call !== undefined && (record.holder === undefined || call.holder === record.holder)) this.#remove(call);
        }
        return;
      case 'fail':
        return this.#fail(record.id, record.at, record.reason);
    }
  }

  #add(
    { call: { payload: _, ...call }, holder, until = 0, replaces }: Extract<CallRecord, { op: 'call' }>,
    offset: number,
  ): void {
    if (replaces !== undefined) this.#failed.delete(replaces);
    if (this.#waiting.has(call.id)) return;
    const attempts = holder === undefined ? 0 : 1;
    this.#waiting.set(call.id, { ...call, offset, holder, until, attempts, since: call.at });
    if (call.type === 'cancel_run') return;
    const lane = laneOf(call);
    this.#lanes.set(lane, (this.#lanes.get(lane) ?? new Set()).add(call.id));
    if (call.type !== 'user_message') return;
    this.#messages.set(call.stream, (this.#messages.get(call.stream) ?? new Set()).add(call.runId));
  }

  #change(ids: readonly string[], change: (call: WaitingCall) => WaitingCall): void {
    for (const id of ids) {
      const call = this.#waiting.get(id);
      if (call !== undefined) this.#waiting.set(id, change(call));
    }
  }

  #remove(call: WaitingCall): void {
    this.#waiting.delete(call.id);
    const lane = laneOf(call);
    const ids = this.#lanes.get(lane);
    ids?.delete(call.id);
    if (ids?.size === 0) this.#lanes.delete(lane);
    if (call.type !== 'user_message') return;
    const runs = this.#messages.get(call.stream);
    runs?.delete(call.runId);
    if (runs?.size === 0) this.#messages.delete(call.stream);
  }

  #fail(id: string, failedAt: number, reason: string): void {
    const call = this.#waiting.get(id);
    if (call === undefined) return;
    this.#remove(call);
    const { stream, type, eventId, runId, threadId, at: timestamp, attempts } = call;
    const thread = threadId === undefined ? {} : { threadId };
    this.#failed.set(id, {
      callId: id,
      stream,
      type,
      eventId,
      runId,
      ...thread,
      timestamp,
      attempts,
      failedAt,
      reason,
    });
    const [oldest] = this.#failed.keys();
    if (this.#failed.size > MAX_FAILED && oldest !== undefined) this.#failed.delete(oldest);
  }
}

const NO_RUNS: ReadonlySet<RunId> = new Set();

function laneOf({ stream, threadId }: Pick<NewCall, 'stream' | 'threadId'>): string {
  return `${stream}\n${threadId ?? ''}`;
}

/** A call as its agent gets it. */
export function toAgentCall(call: WaitingCall, payload: JsonObject): AgentCall {
  const { id: callId, type, stream, threadId, runId, at: timestamp, attempts: attempt } = call;
  const thread = threadId === undefined ? {} : { threadId };
  return { callId, type, userId: parseStreamKey(stream).userId, ...thread, runId, timestamp, payload, attempt };
}
