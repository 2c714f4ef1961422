import type { JsonObject } from '@ws/types';
import { legacyFields } from './legacy-fields.ts';
import type { LegacyEventContext, LegacyShape, LegacyWireEvent } from './legacy-shape.ts';

/** The part of an event that the old shapes tell: any event of a stream, numbered or volatile. */
export interface TranslatableEvent {
  readonly type: string;
  readonly thread_id?: string;
  readonly run_id?: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly payload: JsonObject;
}

/**
 * An event in one of the old shapes. Fields never overwrite the envelope, whatever they are called.
 *
 * @example
 * ```ts
 * toLegacyEvent(event, 'flat', { userId: 'u1' }); // { type: 'agent_thinking', user_id: 'u1', …, reasoning: 'Hm' }
 * ```
 */
export function toLegacyEvent(
  event: TranslatableEvent,
  shape: LegacyShape,
  { userId, agentName }: LegacyEventContext,
): LegacyWireEvent {
  const { type } = event;
  const fields = legacyFields(type, event.payload, shape);
  const thread_id = event.thread_id ?? null;
  const run_id = event.run_id ?? null;
  const seconds = event.timestamp / 1000;
  switch (shape) {
    case 'flat': {
      const envelope = { type, user_id: userId, thread_id, run_id, timestamp: seconds };
      return { ...envelope, ...fields, ...envelope };
    }
    case 'payload':
      return { type, payload: { ...fields, timestamp: seconds } };
    case 'data': {
      const { agent_name: named } = event.payload;
      const agent_name = typeof named === 'string' ? named : (agentName ?? null);
      const timestamp = new Date(event.timestamp).toISOString();
      // Clients of this shape looked for the results of a tool in both places.
      const results = type === 'tool_completed' ? { results: fields['result'] ?? null } : {};
      return { type, run_id, user_id: userId, agent_name, timestamp, ...results, data: fields };
    }
  }
}
