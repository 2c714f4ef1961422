import {
  toRunId,
  toThreadId,
  WebSocketError,
  type AgentStartedPayload,
  type EventInput,
  type EventMap,
  type EventType,
  type JsonObject,
  type JsonValue,
  type RunId,
  type RunStatus,
  type ThreadId,
} from '@ws/types';
import type { Clock } from '../clock.ts';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import { ApprovalDesk, type ApprovalDecision, type ApprovalRequest } from './approval-desk.ts';
import { CANCELLED_BY_USER, cancelledByUser, type RunEnding } from './closing-events.ts';
import { ToolCall } from './tool-call.ts';

/** What to begin a run with. */
export interface RunOptions {
  readonly agentName: string;
  readonly threadId?: string;
  /** Default: a fresh id. Give the one of an accepted user message to answer it. */
  readonly runId?: string;
  readonly parentRunId?: string;
}

/** How a run ends well. */
export interface CompleteOptions {
  /** The answer of a run that streams none. Streamed text stays: a screen shows this only where it has not all of that. */
  readonly finalResponse?: string;
  /** What it cost: tokens, money; shown as it is. */
  readonly usage?: JsonObject;
}

/** What a run needs of its manager. */
export interface RunHost {
  readonly clock: Clock;
  newId(): string;
  emit(event: EventInput): Promise<EmitReceipt>;
  /**
   * The run emits from here: keep its lease, and tell it of cancellation and decisions. Returns what undoes it. Throws
   * `RUN_ALREADY_STARTED` if another run of this id does.
   */
  adopt(run: Run): () => void;
  /** Ends a run that its agent left: open tool calls fail first. */
  close(run: Run, status: 'failed' | 'cancelled', reason: string): Promise<void>;
  /** Ends a run that is given up: open tool calls fail first, with `reason`. Throws if the run is not open. */
  end(run: Run, ending: RunEnding, reason: string): Promise<EmitReceipt>;
}

/**
 * One agent execution, emitted in this process. Methods resolve when the log has the event, so awaiting them is the
 * backpressure of the agent. `signal` is aborted when the user cancels.
 *
 * @example
 * ```ts
 * await using run = manager.run({ agentName: 'analyst', threadId: 't1' });
 * await run.started({ task: 'Sum up the report' });
 * await run.thinking('First I read it. ');
 * const call = await run.toolExecuting({ toolName: 'read_file', args: { path: 'report.md' } });
 * await call.completed({ lines: 120 });
 * await run.respond('It says that sales rose.');
 * await run.complete();
 * ```
 */
export class Run implements AsyncDisposable {
  readonly runId: RunId;
  readonly threadId?: ThreadId;
  readonly agentName: string;
  readonly #host: RunHost;
  readonly #parentRunId: string | undefined;
  readonly #cancellation = new AbortController();
  readonly #approvals: ApprovalDesk;
  #startedAt: number;
  #begun = false;
  #ended = false;

  constructor(options: RunOptions, host: RunHost) {
    this.#host = host;
    this.runId = toRunId(options.runId ?? host.newId());
    if (options.threadId !== undefined) this.threadId = toThreadId(options.threadId);
    this.agentName = options.agentName;
    this.#parentRunId = options.parentRunId;
    this.#startedAt = host.clock.monotonic();
    this.#approvals = new ApprovalDesk(host.clock, (event) => this.emit(event.type, event.payload));
  }

  /** Aborted when the run was cancelled or ended from outside; its reason is a `WebSocketError` with code `RUN_CANCELLED`. */
  get signal(): AbortSignal {
    return this.#cancellation.signal;
  }

  /** Time since the run began, in milliseconds, whatever happens to the wall clock. */
  get elapsedMs(): number {
    return Math.round(this.#host.clock.monotonic() - this.#startedAt);
  }

  /** Whether the run has ended, here or from outside. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Emits `agent_started`. Throws `RUN_ALREADY_STARTED`, `RUN_ALREADY_COMPLETED`, `RUN_LIMIT`. */
  async started(options: Pick<AgentStartedPayload, 'task'> = {}): Promise<EmitReceipt> {
    const disown = this.#host.adopt(this);
    this.#startedAt = this.#host.clock.monotonic();
    try {
      const receipt = await this.emit('agent_started', {
        agent_name: this.agentName,
        ...options,
        ...(this.#parentRunId === undefined ? {} : { parent_run_id: this.#parentRunId }),
      });
      this.#begun = true;
      return receipt;
    } catch (error) {
      // Somebody else's run of this id, or none: not this one's to keep alive, or to end.
      disown();
      throw error;
    }
  }

  /** Emits a piece of reasoning text. */
  thinking(delta: string): Promise<EmitReceipt> {
    return this.emit('agent_thinking', { delta });
  }

  /** Emits a piece of the answer. */
  respond(delta: string): Promise<EmitReceipt> {
    return this.emit('agent_response_chunk', { delta });
  }

  /** Emits `tool_executing`; the handle that is returned has to be completed or failed. */
  async toolExecuting(call: { toolName: string; args: JsonValue; toolCallId?: string }): Promise<ToolCall> {
    const toolCallId = call.toolCallId ?? this.#host.newId();
    await this.emit('tool_executing', { tool_call_id: toolCallId, tool_name: call.toolName, args: call.args });
    return new ToolCall(toolCallId, call.toolName, this.#host.clock, (payload) => this.emit('tool_completed', payload));
  }

  /**
   * Asks the user whether a tool may run, and waits for the answer.
   *
   * @returns the decision; after the deadline, or when the run ends, it is `approved: false` with a reason
   */
  requestApproval(request: ApprovalRequest): Promise<ApprovalDecision> {
    return this.#approvals.request(request.toolCallId ?? this.#host.newId(), request);
  }

  /** Emits any other event of this run, for example an application's own. */
  emit<Type extends EventType>(type: Type, payload: EventMap[Type]): Promise<EmitReceipt> {
    const { runId, threadId } = this;
    const event =
      threadId === undefined ? { type, payload, run_id: runId } : { type, payload, run_id: runId, thread_id: threadId };
    // The signature ties the payload to the type.
    return this.#host.emit(event as EventInput);
  }

  /**
   * Ends the run. After a cancellation it ends as `cancelled`, with what was made until then, and tool calls that are still open
   * fail first.
   *
   * @throws `TOOL_CALLS_OPEN` if a tool call was neither completed nor failed, `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`,
   * `RUN_CANCELLED`
   */
  complete({ finalResponse, usage }: CompleteOptions = {}): Promise<EmitReceipt> {
    const result = {
      ...(finalResponse === undefined ? {} : { final_response: finalResponse }),
      ...(usage === undefined ? {} : { usage }),
    };
    if (this.signal.aborted) return this.#host.end(this, { status: 'cancelled', ...result }, CANCELLED_BY_USER);
    return this.emit('agent_completed', { status: 'completed', ...result, duration_ms: this.elapsedMs });
  }

  /**
   * Ends the run as failed, tool calls that are still open first.
   *
   * @param error - the reason, shown to the user for the run and for each open tool call
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`, `RUN_CANCELLED`
   */
  fail(error: string): Promise<EmitReceipt> {
    return this.#host.end(this, { status: this.signal.aborted ? 'cancelled' : 'failed', error }, error);
  }

  /** Ends the run as cancelled, tool calls that are still open first. Throws as {@link fail} does. */
  cancelled(): Promise<EmitReceipt> {
    const reason = this.signal.aborted ? CANCELLED_BY_USER : 'cancelled by the agent';
    return this.#host.end(this, { status: 'cancelled' }, reason);
  }

  /** Ends a run that was left without an end, so that no screen waits for it. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#begun || this.#ended) return;
    if (this.signal.aborted) await this.#host.close(this, 'cancelled', CANCELLED_BY_USER);
    else await this.#host.close(this, 'failed', 'the agent stopped without completing its run');
  }

  /** The hub passes on that the user cancelled. */
  cancel(): void {
    this.#abort(cancelledByUser(this.runId));
  }

  /** The hub passes on that an approval was answered. */
  decide(toolCallId: string, decision: ApprovalDecision): void {
    this.#approvals.decided(toolCallId, decision);
  }

  /** The hub passes on that the wall clock was set. */
  clockStepped(): void {
    this.#approvals.clockStepped();
  }

  /** The hub passes on that the run has ended, by whomever. */
  finished(status: RunStatus): void {
    this.#ended = true;
    if (status === 'cancelled') this.cancel();
    if (status === 'interrupted')
      this.#abort(new WebSocketError('RUN_CANCELLED', `run ${this.runId} was ended: its agent was taken to be gone`));
    this.#approvals.close();
  }

  #abort(reason: WebSocketError): void {
    if (!this.signal.aborted) this.#cancellation.abort(reason);
  }
}
