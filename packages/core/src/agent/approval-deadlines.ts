import { isWebSocketError, type EventInput, type RunId } from '@ws/types';
import type { Clock, Timer } from '../clock.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { StreamKey } from '../stream-key.ts';
import { NO_ANSWER } from './approval-desk.ts';
import { payloadOf } from '../run/run-event.ts';
import type { OpenRunEntry } from '../run/run-table.ts';
import { runKey, type RunKey } from '../run/run-key.ts';

/** What tells everybody that nobody answered in time. */
export function lapsedApproval(runId: string, toolCallId: string): EventInput<'tool_approval_resolved'> {
  const payload = { tool_call_id: toolCallId, approved: false, reason: NO_ANSWER };
  return { type: 'tool_approval_resolved', run_id: runId, payload };
}

export interface ApprovalDeadlinesOptions {
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly onError: (error: unknown) => void;
  /** Whether a run is emitted in this process: its own desk looks after its approvals. */
  readonly isLocal: (stream: StreamKey, runId: RunId) => boolean;
  /** Writes down that an approval lapsed. Rejects if it does not wait any more. */
  readonly lapse: (stream: StreamKey, runId: RunId, toolCallId: string) => Promise<unknown>;
}

/** Approvals that were over when their time came, by whomever, and runs that ended before. */
const SETTLED: ReadonlySet<string> = new Set([
  'APPROVAL_NOT_PENDING',
  'RUN_NOT_OPEN',
  'RUN_ALREADY_COMPLETED',
  'RUN_CANCELLED',
  'HUB_CLOSED',
]);

/** After how long an approval that could not be written down as lapsed is tried again. */
const RETRY_MS = 5_000;

/**
 * Ends the approvals whose deadline has passed, where their agent does not: the agent is a publisher outside, or its process has died.
 * Each process that holds the stream keeps the deadlines, from the stream's events and from the approvals pending when it is loaded. So a
 * deadline survives the process that took the request. The log lets only one of them write the lapse. A stream that no process holds has
 * no publisher either: its run ends with its lease.
 */
export class ApprovalDeadlines {
  readonly #options: ApprovalDeadlinesOptions;
  readonly #waiting = new Map<RunKey, Map<string, Deadline>>();

  constructor(options: ApprovalDeadlinesOptions) {
    this.#options = options;
  }

  /** Takes note of what is pending in a stream that was loaded. */
  loaded(stream: StreamKey, runs: Iterable<OpenRunEntry>): void {
    for (const { runId, approvals } of runs) {
      for (const { tool_call_id, expires_at } of approvals.values())
        this.#wait(stream, runId, tool_call_id, expires_at);
    }
  }

  /** Takes note of an event that changed a run, from this process or another. */
  note(stream: StreamKey, event: NewLogEvent): void {
    const { runId, type } = event;
    if (runId === undefined) return;
    if (type === 'tool_approval_requested') {
      const { tool_call_id, expires_at } = payloadOf(toRunEvent(event), 'tool_approval_requested');
      this.#wait(stream, runId, tool_call_id, expires_at);
    } else if (type === 'tool_approval_resolved') {
      this.#settle(stream, runId, event);
    } else if (type === 'agent_completed') {
      this.#forget(runKey(stream, runId));
    }
  }

  /** The wall clock was set, or the machine suspended: deadlines are moments on it. */
  clockStepped(): void {
    for (const timers of this.#waiting.values()) for (const deadline of timers.values()) deadline.look();
  }

  #wait(stream: StreamKey, runId: RunId, toolCallId: string, expiresAt: number): void {
    const { clock, wheel, isLocal } = this.#options;
    if (isLocal(stream, runId)) return;
    const key = runKey(stream, runId);
    const timers = this.#waiting.get(key) ?? new Map<string, Deadline>();
    this.#waiting.set(key, timers);
    timers.get(toolCallId)?.cancel();
    const deadline = new Deadline(expiresAt, { clock, wheel }, () => {
      this.#drop(key, toolCallId);
      this.#lapse(stream, runId, toolCallId);
    });
    timers.set(toolCallId, deadline);
  }

  #settle(stream: StreamKey, runId: RunId, event: NewLogEvent): void {
    const key = runKey(stream, runId);
    if (this.#waiting.has(key)) this.#drop(key, payloadOf(toRunEvent(event), 'tool_approval_resolved').tool_call_id);
  }

  #drop(key: RunKey, toolCallId: string): void {
    const timers = this.#waiting.get(key);
    timers?.get(toolCallId)?.cancel();
    timers?.delete(toolCallId);
    if (timers?.size === 0) this.#waiting.delete(key);
  }

  #forget(key: RunKey): void {
    for (const timer of this.#waiting.get(key)?.values() ?? []) timer.cancel();
    this.#waiting.delete(key);
  }

  #lapse(stream: StreamKey, runId: RunId, toolCallId: string): void {
    this.#options.lapse(stream, runId, toolCallId).catch((error: unknown) => {
      if (isWebSocketError(error) && SETTLED.has(error.code)) return;
      // The log was unavailable for too long. The user still sees the approval.
      this.#options.onError(error);
      this.#wait(stream, runId, toolCallId, this.#options.clock.now() + RETRY_MS);
    });
  }
}

/** A moment on the wall clock, waited for with a timer that measures elapsed time. */
class Deadline {
  readonly #at: number;
  readonly #time: Pick<ApprovalDeadlinesOptions, 'clock' | 'wheel'>;
  readonly #onOver: () => void;
  #timer: Timer;

  /** @param at - milliseconds since 1970 */
  constructor(at: number, time: Pick<ApprovalDeadlinesOptions, 'clock' | 'wheel'>, onOver: () => void) {
    this.#at = at;
    this.#time = time;
    this.#onOver = onOver;
    this.#timer = this.#wait();
  }

  /** Compares with the clock, and waits for what is left. */
  look(): void {
    this.#timer.cancel();
    this.#timer = this.#wait();
  }

  cancel(): void {
    this.#timer.cancel();
  }

  #wait(): Timer {
    const { clock, wheel } = this.#time;
    return wheel.after(Math.max(0, this.#at - clock.now()), () => {
      if (clock.now() >= this.#at) this.#onOver();
      else this.#timer = this.#wait();
    });
  }
}
