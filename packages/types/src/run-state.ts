import type { RunStatus } from './events.ts';
import type { JsonValue } from './json.ts';
import type { Offset } from './position.ts';

/** One tool call of a run, folded from its events. */
export interface ToolCallState {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly args: JsonValue;
  readonly status: 'executing' | 'completed' | 'failed';
  readonly result?: JsonValue;
  readonly error?: string;
  readonly duration_ms?: number;
}

/** What is missing at the beginning of a run that is too long for a snapshot. */
export interface RunOmissions {
  /** Characters of {@link RunState.thinking}. */
  readonly thinking: number;
  /** Characters of {@link RunState.response}. */
  readonly response: number;
  /** Finished tool calls. */
  readonly tools: number;
}

/** A run folded into what a screen shows of it. */
export interface RunState {
  readonly agent_name: string;
  readonly status: 'running' | RunStatus;
  readonly thinking: string;
  readonly response: string;
  readonly tools: readonly ToolCallState[];
  /** Only in a state that goes back to a snapshot of a very long run: how much of its beginning is not here. */
  readonly omitted?: RunOmissions;
  /** Only in a client that joined in the middle of the run: what came before was not received. */
  readonly partial?: true;
}

/** An approval that waits for the user. */
export interface PendingApproval {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly args: JsonValue;
  /**
   * The arguments are not here: `args` is `null`, and nobody may approve that. Clients read them by themselves, and put them in its
   * place.
   */
  readonly args_omitted?: true;
  readonly expires_at: number;
}

/** A run that has started and not ended. */
export interface OpenRun {
  readonly run_id: string;
  readonly thread_id?: string;
  readonly agent_name: string;
  readonly started_offset: Offset;
  readonly pending_approvals: readonly PendingApproval[];
}
