import type { LegacyReceipt } from '../legacy-emit/emit-legacy.ts';
import type { LegacyMessage } from '../legacy-emit/legacy-event.ts';

type Sent = Promise<LegacyReceipt>;

/** The methods of the old emitter; `notify…` twins take what is always said as arguments. */
export interface CamelCaseEmitterMethods {
  /** @deprecated WSDEP400: use `manager.startRun`. Removed in 2.0.0. */
  emitAgentStarted(data: LegacyMessage): Sent;
  /** @deprecated WSDEP401: use `run.think`. Removed in 2.0.0. */
  emitAgentThinking(data: LegacyMessage): Sent;
  /** @deprecated WSDEP402: use `run.tool`. Removed in 2.0.0. */
  emitToolExecuting(data: LegacyMessage): Sent;
  /** @deprecated WSDEP403: use the result of `run.tool`. Removed in 2.0.0. */
  emitToolCompleted(data: LegacyMessage): Sent;
  /** @deprecated WSDEP404: use `run.complete`. Removed in 2.0.0. */
  emitAgentCompleted(data: LegacyMessage): Sent;
  /** @deprecated WSDEP405: use `manager.startRun`. Removed in 2.0.0. */
  notifyAgentStarted(agentName: string, data?: LegacyMessage): Sent;
  /** @deprecated WSDEP406: use `run.think`. Removed in 2.0.0. */
  notifyAgentThinking(agentName: string, reasoning: string, data?: LegacyMessage): Sent;
  /** @deprecated WSDEP407: use `run.tool`. Removed in 2.0.0. */
  notifyToolExecuting(toolName: string, parameters?: unknown, data?: LegacyMessage): Sent;
  /** @deprecated WSDEP408: use the result of `run.tool`. Removed in 2.0.0. */
  notifyToolCompleted(toolName: string, result?: unknown, data?: LegacyMessage): Sent;
  /** @deprecated WSDEP409: use `run.complete`. Removed in 2.0.0. */
  notifyAgentCompleted(agentName: string, result?: unknown, data?: LegacyMessage): Sent;
}
