import type { JsonObject, JsonValue } from '@ws/types';

/** What an agent needs of a run that has begun: where it says what it does. The run of a manager has this shape. */
export interface AgentRun {
  readonly runId: string;
  readonly threadId?: string;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  think(delta: string): Promise<unknown>;
  write(delta: string): Promise<unknown>;
  /** Calls a tool; the message of an error is shown to the user. */
  tool<Result extends JsonValue>(
    name: string,
    args: JsonValue,
    work: () => Promise<Result>,
    options?: { toolCallId?: string },
  ): Promise<Result>;
  /** Asks the user whether a tool may run, and waits for the answer. */
  requestApproval(request: {
    toolName: string;
    args: JsonValue;
    toolCallId?: string;
  }): Promise<{ readonly approved: boolean }>;
  /** Ends the run, as cancelled if the user cancelled it. */
  complete(options?: { finalResponse?: string; usage?: JsonObject }): Promise<unknown>;
  fail(error: string): Promise<unknown>;
}
