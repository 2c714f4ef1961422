import type { JsonObject, JsonValue } from '@ws/types';

/** A tool call that was announced and has to be ended exactly once. */
export interface OpenToolCall {
  readonly toolCallId: string;
  completed(result: JsonValue): Promise<unknown>;
  failed(error: string): Promise<unknown>;
}

/** What an agent needs of a run: where it says what it does. The run of a manager has this shape. */
export interface AgentRun {
  readonly runId: string;
  readonly threadId?: string;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  started(payload: { task?: string }): Promise<unknown>;
  thinking(delta: string): Promise<unknown>;
  respond(delta: string): Promise<unknown>;
  toolExecuting(call: { toolName: string; args: JsonValue; toolCallId?: string }): Promise<OpenToolCall>;
  /** Asks the user whether a tool may run, and waits for the answer. */
  requestApproval(request: {
    toolName: string;
    args: JsonValue;
    toolCallId?: string;
  }): Promise<{ readonly approved: boolean }>;
  complete(options?: { finalResponse?: string; usage?: JsonObject }): Promise<unknown>;
  fail(error: string): Promise<unknown>;
  /** Ends the run with status `cancelled`. */
  cancelled?(): Promise<unknown>;
}
