import { isWebSocketError, parseEventInput } from '@ws/types';
import { noteUse } from '../deprecated-use.ts';
import { readLegacyEvent, typeOfMessage } from '../legacy-emit/legacy-event.ts';
import { RUN_EVENT_TYPES } from '../legacy-emit/run-events.ts';
import { canonicalPayload } from '../legacy-emit/canonical-payload.ts';

/** What a validator says of an event. */
export interface EventVerdict {
  readonly isValid: boolean;
  readonly errors: readonly string[];
}

const UNSAID = { agentName: 'agent', toolCallId: 'call', toolName: 'tool', durationMs: 0 };

/**
 * Checks events of the old shapes against the schemas of the protocol, as an emit of them would.
 * @deprecated WSDEP079: use `parseEventInput` of `@ws/types`. Removed in 2.0.0.
 */
export class UnifiedEventValidator {
  constructor() {
    noteUse('UnifiedEventValidator', UnifiedEventValidator);
  }

  validate(event: unknown): EventVerdict {
    try {
      const { type, fields, runId = 'run', threadId } = readLegacyEvent(typeOfMessage(event), event);
      const run = RUN_EVENT_TYPES.has(type) ? { run_id: runId } : {};
      const thread = threadId === undefined ? {} : { thread_id: threadId };
      const result = parseEventInput({ type, payload: canonicalPayload(type, fields, UNSAID), ...run, ...thread });
      return result.ok ? { isValid: true, errors: [] } : { isValid: false, errors: [result.message] };
    } catch (error) {
      if (!isWebSocketError(error)) throw error;
      return { isValid: false, errors: [error.message] };
    }
  }

  /** The same, under its other name and in the original spelling. */
  validateEvent(event: unknown): EventVerdict {
    return this.validate(event);
  }

  validate_event(event: unknown): EventVerdict {
    return this.validate(event);
  }
}

/** @deprecated WSDEP077: use `parseEventInput` of `@ws/types`. Removed in 2.0.0. */
export const WebSocketEventValidator: typeof UnifiedEventValidator = UnifiedEventValidator;
/** @deprecated WSDEP077: use `parseEventInput` of `@ws/types`. Removed in 2.0.0. */
export type WebSocketEventValidator = UnifiedEventValidator;
/** @deprecated WSDEP078: use `parseEventInput` of `@ws/types`. Removed in 2.0.0. */
export const AgentEventValidator: typeof UnifiedEventValidator = UnifiedEventValidator;
/** @deprecated WSDEP078: use `parseEventInput` of `@ws/types`. Removed in 2.0.0. */
export type AgentEventValidator = UnifiedEventValidator;
