import { isWebSocketError, type EventInput, type RunId } from '@ws/types';
import type { Clock, Timer } from '../clock.ts';
import type { TimerWheel } from '../hub/timer-wheel.ts';
import type { NewLogEvent } from '../log/event-log.ts';
import { toRunEvent } from '../stream/event-codec.ts';
import type { StreamKey } from '../stream-key.ts';
import { NO_ANSWER } from './approval-desk.ts';
import { payloadOf } from './run-event.ts';
import { runKey, type RunKey } from './run-key.ts';

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

/**
 * Sees to it that an approval which a publisher outside asked for does not wait beyond its time. The process that took the
 * request keeps the deadline; if it dies, an answer that comes too late is refused all the same.
 */
export class ApprovalDeadlines {
  readonly #options: ApprovalDeadlinesOptions;
  readonly #waiting = new Map<RunKey, Map<string, Timer>>();

  constructor(options: ApprovalDeadlinesOptions) {
    this.#options = options;
  }

  /** Takes note of events that were appended here. */
  note(stream: StreamKey, events: readonly NewLogEvent[]): void {
    for (const event of events) {
      if (event.runId === undefined) continue;
      if (event.type === 'tool_approval_requested') this.#wait(stream, event.runId, event);
      else if (event.type === 'tool_approval_resolved') this.#settle(stream, event.runId, event);
      else if (event.type === 'agent_completed') this.#forget(runKey(stream, event.runId));
    }
  }

  #wait(stream: StreamKey, runId: RunId, event: NewLogEvent): void {
    const { clock, wheel, isLocal } = this.#options;
    if (isLocal(stream, runId)) return;
    const { tool_call_id, expires_at } = payloadOf(toRunEvent(event), 'tool_approval_requested');
    const key = runKey(stream, runId);
    const timers = this.#waiting.get(key) ?? new Map<string, Timer>();
    this.#waiting.set(key, timers);
    timers.get(tool_call_id)?.cancel();
    const timer = wheel.after(Math.max(0, expires_at - clock.now()), () => {
      this.#drop(key, tool_call_id);
      this.#lapse(stream, runId, tool_call_id);
    });
    timers.set(tool_call_id, timer);
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
      if (!isWebSocketError(error) || !SETTLED.has(error.code)) this.#options.onError(error);
    });
  }
}
