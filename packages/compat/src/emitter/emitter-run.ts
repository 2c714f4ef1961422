import type { UnifiedWebSocketManager } from '@ws/core';
import { emitLegacy, type LegacyReceipt } from '../legacy-emit/emit-legacy.ts';
import { readLegacyEvent, userOfMessage, type LegacyMessage } from '../legacy-emit/legacy-event.ts';
import { newRunId } from '../legacy-emit/run-of-event.ts';
import { assertOwnUser } from '../legacy-manager/assert-own-user.ts';

/** What an emitter is for, as legacy code said it. */
export interface LegacyEmitterContext {
  readonly userId?: string;
  readonly threadId?: string;
  /** Default: a run of the emitter's own, a new one with each `agent_started`. */
  readonly runId?: string;
  readonly agentName?: string;
}

/** The run that an emitter is at, and its way to the user. */
export class EmitterRun {
  readonly manager: UnifiedWebSocketManager;
  readonly #context: LegacyEmitterContext;
  #runId: string | undefined;

  constructor(manager: UnifiedWebSocketManager, context: LegacyEmitterContext) {
    assertOwnUser(manager, context.userId, 'UnifiedWebSocketEmitter');
    this.manager = manager;
    this.#context = context;
  }

  emit(type: string, data: LegacyMessage): Promise<LegacyReceipt> {
    assertOwnUser(this.manager, userOfMessage(data), type);
    const { threadId, agentName } = this.#context;
    const named = agentName === undefined ? data : { agent_name: agentName, ...data };
    const event = readLegacyEvent(type, named);
    const runId = this.#runOf(type, event.runId);
    return emitLegacy(this.manager, { ...(threadId === undefined ? {} : { threadId }), ...event, runId });
  }

  /** A run named by the call, or by the context; else the emitter's own, which `agent_started` begins again. */
  #runOf(type: string, named: string | undefined): string {
    const given = named ?? this.#context.runId;
    if (given !== undefined) return given;
    const isNew = this.#runId === undefined || type === 'agent_started';
    const runId = isNew ? newRunId() : (this.#runId ?? newRunId());
    this.#runId = type === 'agent_completed' ? undefined : runId;
    return runId;
  }
}
