import type { CamelCaseEmitterMethods } from './camel-case-emitter-methods.ts';

// Written by scripts/generate.ts from the table of deprecations.

/** The original spelling of the methods. */
export interface SnakeCaseEmitterMethods {
  /** @deprecated WSDEP400: use `manager.startRun`. Removed in 2.0.0. */
  emit_agent_started: CamelCaseEmitterMethods['emitAgentStarted'];
  /** @deprecated WSDEP401: use `run.think`. Removed in 2.0.0. */
  emit_agent_thinking: CamelCaseEmitterMethods['emitAgentThinking'];
  /** @deprecated WSDEP402: use `run.tool`. Removed in 2.0.0. */
  emit_tool_executing: CamelCaseEmitterMethods['emitToolExecuting'];
  /** @deprecated WSDEP403: use the result of `run.tool`. Removed in 2.0.0. */
  emit_tool_completed: CamelCaseEmitterMethods['emitToolCompleted'];
  /** @deprecated WSDEP404: use `run.complete`. Removed in 2.0.0. */
  emit_agent_completed: CamelCaseEmitterMethods['emitAgentCompleted'];
  /** @deprecated WSDEP405: use `manager.startRun`. Removed in 2.0.0. */
  notify_agent_started: CamelCaseEmitterMethods['notifyAgentStarted'];
  /** @deprecated WSDEP406: use `run.think`. Removed in 2.0.0. */
  notify_agent_thinking: CamelCaseEmitterMethods['notifyAgentThinking'];
  /** @deprecated WSDEP407: use `run.tool`. Removed in 2.0.0. */
  notify_tool_executing: CamelCaseEmitterMethods['notifyToolExecuting'];
  /** @deprecated WSDEP408: use the result of `run.tool`. Removed in 2.0.0. */
  notify_tool_completed: CamelCaseEmitterMethods['notifyToolCompleted'];
  /** @deprecated WSDEP409: use `run.complete`. Removed in 2.0.0. */
  notify_agent_completed: CamelCaseEmitterMethods['notifyAgentCompleted'];
}
