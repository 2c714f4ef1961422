import {
  isWebSocketError,
  toRunId,
  toThreadId,
  WebSocketError,
  type EventInput,
  type EventMap,
  type EventType,
  type JsonValue,
  type RunId,
  type RunStatus,
  type ThreadId,
  type ToolCompletedPayload,
} from '@ws/types';
import type { Clock } from '../clock.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import { ApprovalDesk, type ApprovalDecision, type ApprovalRequest } from './approval-desk.ts';
import { CANCELLED_BY_USER, cancelledByUser, shownReason, type RunEnding } from '../run/closing-events.ts';
import type { CompleteOptions, Run, RunOptions, ToolOptions } from './run.ts';

/** What a run needs of its manager. */
export interface RunHost {
  readonly clock: Clock;
  newId(): string;
  emit(event: EventInput): Promise<EmitReceipt>;
  /**
   * The run emits from here: keep its lease, and tell it of cancellation and decisions. Returns what undoes it. Throws
   * `RUN_ALREADY_STARTED` if another run of this id does.
   */
  adopt(run: LocalRun): () => void;
  /** Ends a run that its agent left: open tool calls fail first. */
  leave(run: LocalRun): Promise<void>;
  /** Ends a run that is given up: open tool calls fail first, with `reason`. Throws if the run is not open. */
  end(run: LocalRun, ending: RunEnding, reason: string): Promise<EmitReceipt>;
}

/** A result with one of these codes is refused for what it is: the call can still fail. */
const RESULT_REFUSED: ReadonlySet<string> = new Set(['EVENT_TOO_BIG', 'INVALID_EVENT']);

/** A run that this process emits: for its agent a {@link Run}, and for the hub what is to be told of cancellation, decisions and its end. */
export class LocalRun implements Run {
  readonly runId: RunId;
  readonly threadId?: ThreadId;
  readonly agentName: string;
  readonly #options: RunOptions;
  readonly #host: RunHost;
  readonly #cancellation = new AbortController();
  readonly #approvals: ApprovalDesk;
  #startedAt: number;
  #ended = false;

  constructor(options: RunOptions, host: RunHost) {
    this.#options = options;
    this.#host = host;
    this.runId = toRunId(options.runId ?? host.newId());
    if (options.threadId !== undefined) this.threadId = toThreadId(options.threadId);
    this.agentName = options.agentName;
    this.#startedAt = host.clock.monotonic();
    this.#approvals = new ApprovalDesk(host.clock, (event) => this.emit(event.type, event.payload));
  }

  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Time since the run began, in milliseconds, whatever happens to the wall clock. */
  get elapsedMs(): number {
    return this.#since(this.#startedAt);
  }

  /** Emits `agent_started`. Throws `RUN_ALREADY_STARTED`, `RUN_ALREADY_COMPLETED`, `RUN_LIMIT`. */
  async begin(): Promise<void> {
    const disown = this.#host.adopt(this);
    const { task, parentRunId } = this.#options;
    this.#startedAt = this.#host.clock.monotonic();
    try {
      await this.emit('agent_started', {
        agent_name: this.agentName,
        ...(task === undefined ? {} : { task }),
        ...(parentRunId === undefined ? {} : { parent_run_id: parentRunId }),
      });
    } catch (error) {
      // Somebody else's run of this id, or none: not this one's to keep alive, or to end.
      disown();
      throw error;
    }
  }

  think(delta: string): Promise<EmitReceipt> {
    return this.emit('agent_thinking', { delta });
  }

  write(delta: string): Promise<EmitReceipt> {
    return this.emit('agent_response_chunk', { delta });
  }

  async tool<Result extends JsonValue | void>(
    name: string,
    args: JsonValue,
    work: (signal: AbortSignal) => Result | Promise<Result>,
    { toolCallId = this.#host.newId() }: ToolOptions = {},
  ): Promise<Result> {
    const startedAt = this.#host.clock.monotonic();
    const call = { tool_call_id: toolCallId, tool_name: name };
    await this.emit('tool_executing', { ...call, args });
    const completed = (outcome: Pick<ToolCompletedPayload, 'success' | 'result' | 'error'>): Promise<EmitReceipt> =>
      this.emit('tool_completed', { ...call, ...outcome, duration_ms: this.#since(startedAt) });
    const failed = async (error: unknown): Promise<void> => {
      // The agent gets the error of the tool. A call that stays open fails with its run.
      await completed({ success: false, error: this.#reasonOf(error) }).catch(() => undefined);
    };
    let result: Result;
    try {
      result = await work(this.signal);
    } catch (error) {
      await failed(error);
      throw error;
    }
    try {
      await completed(result === undefined ? { success: true } : { success: true, result });
    } catch (error) {
      if (isWebSocketError(error) && RESULT_REFUSED.has(error.code)) await failed(error);
      throw error;
    }
    return result;
  }

  requestApproval(request: ApprovalRequest): Promise<ApprovalDecision> {
    return this.#approvals.request(request.toolCallId ?? this.#host.newId(), request);
  }

  emit<Type extends EventType>(type: Type, payload: EventMap[Type]): Promise<EmitReceipt> {
    const { runId, threadId } = this;
    const event =
      threadId === undefined ? { type, payload, run_id: runId } : { type, payload, run_id: runId, thread_id: threadId };
    // The signature ties the payload to the type.
    return this.#host.emit(event as EventInput);
  }

  complete({ finalResponse, usage }: CompleteOptions = {}): Promise<EmitReceipt> {
    const result = {
      ...(finalResponse === undefined ? {} : { final_response: finalResponse }),
      ...(usage === undefined ? {} : { usage }),
    };
    if (this.signal.aborted) return this.#host.end(this, { status: 'cancelled', ...result }, CANCELLED_BY_USER);
    return this.emit('agent_completed', { status: 'completed', ...result, duration_ms: this.elapsedMs });
  }

  fail(error: string): Promise<EmitReceipt> {
    return this.#host.end(this, { status: this.signal.aborted ? 'cancelled' : 'failed', error }, error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.#host.leave(this);
  }

  /** The user cancelled. */
  cancel(): void {
    this.#abort(cancelledByUser(this.runId));
  }

  /** An approval was answered. */
  decide(toolCallId: string, decision: ApprovalDecision): void {
    this.#approvals.decided(toolCallId, decision);
  }

  /** The wall clock was set. */
  clockStepped(): void {
    this.#approvals.clockStepped();
  }

  /** The run has ended, by whomever. */
  finished(status: RunStatus): void {
    this.#ended = true;
    if (status === 'cancelled') this.cancel();
    if (status === 'interrupted') {
      this.#abort(new WebSocketError('RUN_CANCELLED', `run ${this.runId} was ended: its agent was taken to be gone`));
    }
    this.#approvals.close();
  }

  #since(startedAt: number): number {
    return Math.round(this.#host.clock.monotonic() - startedAt);
  }

  #reasonOf(error: unknown): string {
    return this.signal.aborted ? CANCELLED_BY_USER : shownReason(error);
  }

  #abort(reason: WebSocketError): void {
    if (!this.signal.aborted) this.#cancellation.abort(reason);
  }
}
