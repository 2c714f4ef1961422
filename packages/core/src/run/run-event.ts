import type { JsonObject, ProtocolEvents, RunId, ThreadId } from '@ws/types';

/** An event as the run rules see it. */
export interface RunEvent {
  readonly type: string;
  readonly runId?: RunId | undefined;
  readonly threadId?: ThreadId | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly payload: JsonObject;
}

/** The payload of an event of this type. */
export function payloadOf<Type extends keyof ProtocolEvents>(event: RunEvent, _type: Type): ProtocolEvents[Type] {
  // The door (`parseEventInput`) has checked the payload against the schema of its type.
  return event.payload as unknown as ProtocolEvents[Type];
}
