import type { EventMap, EventType, JsonObject, JsonValue, RunId, ThreadId } from '@ws/types';
import type { EmitReceipt } from '../stream/emit-receipt.ts';
import type { ApprovalDecision, ApprovalRequest } from './approval-desk.ts';

/** What to begin a run with. */
export interface RunOptions {
  readonly agentName: string;
  /** What the run is to do, as a screen shows it. */
  readonly task?: string;
  /** Default: the thread an isolated manager is bound to, else none. */
  readonly threadId?: string;
  /** Default: a fresh id. Give the one of a user message to answer it. */
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

export interface ToolOptions {
  /** Id of the call. Give the one of an approval, so that a screen shows the decision at the call. @default a fresh id */
  readonly toolCallId?: string;
}

/**
 * One agent execution, emitted in this process, from {@link UnifiedWebSocketManager.startRun}. Methods resolve when the log has the event,
 * so awaiting them is the backpressure of the agent.
 *
 * Disposing a run that has not ended ends it: as `cancelled` if the user cancelled it, else as `failed`.
 *
 * @example
 * ```ts
 * await using run = await manager.startRun({ agentName: 'analyst', task: 'Sum up the report', threadId: 't1' });
 * await run.think('First I read it. ');
 * const { lines } = await run.tool('read_file', { path: 'report.md' }, (signal) => readReport('report.md', { signal }));
 * await run.write(`It has ${lines} lines.`);
 * await run.complete();
 * ```
 */
export interface Run extends AsyncDisposable {
  readonly runId: RunId;
  /** Missing for a run of no thread. */
  readonly threadId?: ThreadId;
  readonly agentName: string;
  /** Aborted when the run was cancelled or ended from outside; its reason is a `WebSocketError` with code `RUN_CANCELLED`. */
  readonly signal: AbortSignal;
  /** Whether the run has ended, here or from outside. */
  readonly ended: boolean;

  /** Emits a piece of reasoning text. */
  think(delta: string): Promise<EmitReceipt>;

  /** Emits a piece of the answer. */
  write(delta: string): Promise<EmitReceipt>;

  /**
   * Calls a tool: emits `tool_executing`, does the work, and emits `tool_completed` with its result, or with the reason if it throws.
   *
   * @param args - shown to the user as they are
   * @param work - does the work; `signal` is that of the run. The message of an error that it throws is shown to the user
   * @returns the result of `work`
   * @throws what `work` throws; `TOOL_CALL_ALREADY_EXECUTING` for a `toolCallId` in use, `EVENT_TOO_BIG` or `INVALID_EVENT` for a result that
   * no event can carry (the call has failed then), `RUN_ALREADY_COMPLETED`, `RUN_CANCELLED`
   */
  tool<Result extends JsonValue | void>(
    name: string,
    args: JsonValue,
    work: (signal: AbortSignal) => Result | Promise<Result>,
    options?: ToolOptions,
  ): Promise<Result>;

  /**
   * Asks the user whether a tool may run, and waits for the answer.
   *
   * @returns the decision; after the deadline, or when the run ends, it is `approved: false` with a reason
   * @throws `APPROVAL_ALREADY_PENDING`, `INVALID_OPTION` for `timeoutMs`
   */
  requestApproval(request: ApprovalRequest): Promise<ApprovalDecision>;

  /** Emits any other event of this run, for example an application's own. */
  emit<Type extends EventType>(type: Type, payload: EventMap[Type]): Promise<EmitReceipt>;

  /**
   * Ends the run. After a cancellation it ends as `cancelled`, with what was made until then, and tool calls that are still open
   * fail first.
   *
   * @throws `TOOL_CALLS_OPEN` if a tool call has no result yet, `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`, `RUN_CANCELLED`
   */
  complete(options?: CompleteOptions): Promise<EmitReceipt>;

  /**
   * Ends the run as failed, or as cancelled after a cancellation; tool calls that are still open fail first.
   *
   * @param error - the reason, shown to the user for the run and for each open tool call
   * @throws `RUN_NOT_OPEN`, `RUN_ALREADY_COMPLETED`, `RUN_CANCELLED`
   */
  fail(error: string): Promise<EmitReceipt>;

  /** Ends a run that was left without an end. In an `onUserMessage` handler that throws, the message of its error is the reason. */
  [Symbol.asyncDispose](): Promise<void>;
}
