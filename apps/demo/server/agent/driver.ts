import type { JsonObject } from '@ws/types';
import type { AgentClock } from './clock.ts';
import type { ConversationHistory } from './conversation-history.ts';
import type { AgentRun } from './run-port.ts';
import type { ToolCalls } from './tool-calls.ts';
import type { Workspace } from './workspace/index.ts';

/** What a driver works with in one run. */
export interface DriverContext {
  readonly run: AgentRun;
  readonly tools: ToolCalls;
  readonly workspace: Workspace;
  readonly clock: AgentClock;
  /** Milliseconds between two deltas. */
  readonly pace: number;
  readonly history: ConversationHistory;
  /** The first tool call waits for the user's approval: the answer says so before. */
  readonly asksFirst: boolean;
}

export interface DriverResult {
  /** All that was streamed as the answer. */
  readonly response: string;
  readonly usage: JsonObject;
}

/** Finds the answer to a question with the tools, rules or a model deciding which, and streams it. */
export type Driver = (question: string, context: DriverContext) => Promise<DriverResult>;
