import type { UnifiedWebSocketManager } from '@ws/core';
import { noteUse } from '../deprecated-use.ts';
import { EMITTER_METHODS } from '../table/emitter-methods.ts';
import type { LegacyName } from '../deprecations.ts';
import { bothSpellings } from '../legacy-spellings.ts';
import type { LegacyReceipt } from '../legacy-emit/emit-legacy.ts';
import type { LegacyMessage } from '../legacy-emit/legacy-event.ts';
import type { CamelCaseEmitterMethods } from './camel-case-emitter-methods.ts';
import { EmitterRun, type LegacyEmitterContext } from './emitter-run.ts';

type Sent = Promise<LegacyReceipt>;

/**
 * The old emitter, over a manager. One emitter is one agent at a time: without a `runId` in its context, each `agent_started` begins
 * a run and what follows belongs to it.
 * @deprecated WSDEP023: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0.
 */
export class UnifiedWebSocketEmitter implements CamelCaseEmitterMethods {
  readonly #run: EmitterRun;

  /** @param user - the user's id, or what else is known of the run; a foreign id throws `ISOLATION_VIOLATION` */
  constructor(
    manager: UnifiedWebSocketManager,
    user: string | LegacyEmitterContext = {},
    context: LegacyEmitterContext = {},
  ) {
    noteUse('UnifiedWebSocketEmitter', UnifiedWebSocketEmitter);
    this.#run = new EmitterRun(
      manager,
      typeof user === 'string' ? { ...context, userId: user } : { ...user, ...context },
    );
  }

  /** @deprecated WSDEP400: use `manager.startRun`. Removed in 2.0.0. */
  async emitAgentStarted(data: LegacyMessage): Sent {
    return this.#run.emit('agent_started', data);
  }

  /** @deprecated WSDEP401: use `run.think`. Removed in 2.0.0. */
  async emitAgentThinking(data: LegacyMessage): Sent {
    return this.#run.emit('agent_thinking', data);
  }

  /** @deprecated WSDEP402: use `run.tool`. Removed in 2.0.0. */
  async emitToolExecuting(data: LegacyMessage): Sent {
    return this.#run.emit('tool_executing', data);
  }

  /** @deprecated WSDEP403: use the result of `run.tool`. Removed in 2.0.0. */
  async emitToolCompleted(data: LegacyMessage): Sent {
    return this.#run.emit('tool_completed', data);
  }

  /** @deprecated WSDEP404: use `run.complete`. Removed in 2.0.0. */
  async emitAgentCompleted(data: LegacyMessage): Sent {
    return this.#run.emit('agent_completed', data);
  }

  /** @deprecated WSDEP405: use `manager.startRun`. Removed in 2.0.0. */
  async notifyAgentStarted(agentName: string, data: LegacyMessage = {}): Sent {
    return this.#run.emit('agent_started', { ...data, agent_name: agentName });
  }

  /** @deprecated WSDEP406: use `run.think`. Removed in 2.0.0. */
  async notifyAgentThinking(agentName: string, reasoning: string, data: LegacyMessage = {}): Sent {
    return this.#run.emit('agent_thinking', { ...data, agent_name: agentName, reasoning });
  }

  /** @deprecated WSDEP407: use `run.tool`. Removed in 2.0.0. */
  async notifyToolExecuting(toolName: string, parameters: unknown = {}, data: LegacyMessage = {}): Sent {
    return this.#run.emit('tool_executing', { ...data, tool_name: toolName, parameters });
  }

  /** @deprecated WSDEP408: use the result of `run.tool`. Removed in 2.0.0. */
  async notifyToolCompleted(toolName: string, result?: unknown, data: LegacyMessage = {}): Sent {
    return this.#run.emit('tool_completed', { ...data, tool_name: toolName, result });
  }

  /** @deprecated WSDEP409: use `run.complete`. Removed in 2.0.0. */
  async notifyAgentCompleted(agentName: string, result?: unknown, data: LegacyMessage = {}): Sent {
    return this.#run.emit('agent_completed', { ...data, agent_name: agentName, result });
  }
}

type Method = (this: UnifiedWebSocketEmitter, ...args: unknown[]) => unknown;

// Both spellings tell their use, each at its caller.
for (const name of Object.keys(EMITTER_METHODS) as (keyof typeof EMITTER_METHODS & LegacyName)[]) {
  const method = Reflect.get(UnifiedWebSocketEmitter.prototype, name) as Method;
  Object.defineProperties(
    UnifiedWebSocketEmitter.prototype,
    bothSpellings<UnifiedWebSocketEmitter>(name, (emitter, args) => method.apply(emitter, args)),
  );
}
