import type { JsonObject } from '@ws/types';

/**
 * The three envelopes that the first system had for the same events.
 *
 * - `flat`: `{type, user_id, thread_id, run_id, timestamp (seconds), …fields}`
 * - `payload`: `{type, payload: {…fields, timestamp (seconds)}}`
 * - `data`: `{type, run_id, user_id, agent_name, timestamp (ISO 8601), data: {…fields}}`
 */
export type LegacyShape = 'flat' | 'payload' | 'data';

/** What an old shape says that the event itself does not. */
export interface LegacyEventContext {
  readonly userId: string;
  /** Of the event's run, where it is known. */
  readonly agentName?: string;
}

/** An event in an old shape. */
export type LegacyWireEvent = { readonly type: string } & JsonObject;
