import type { EventId, RunId, ThreadId } from './ids.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Offset } from './position.ts';

/** How a run ended. `interrupted`: its owner died or fell silent and the server ended it. */
export type RunStatus = 'completed' | 'failed' | 'cancelled' | 'interrupted';

export interface AgentStartedPayload {
  readonly agent_name: string;
  readonly task?: string;
  readonly parent_run_id?: string;
}

export interface DeltaPayload {
  /** Text to append to what came before. */
  readonly delta: string;
}

export interface ToolExecutingPayload {
  /** Unique in its run; `tool_completed` names it again. */
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly args: JsonValue;
}

export interface ToolCompletedPayload {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly success: boolean;
  readonly result?: JsonValue;
  readonly error?: string;
  readonly duration_ms: number;
}

export interface AgentCompletedPayload {
  readonly status: RunStatus;
  readonly final_response?: string;
  readonly error?: string;
  readonly usage?: JsonObject;
  readonly duration_ms: number;
}

export interface ToolApprovalRequestedPayload {
  readonly tool_call_id: string;
  readonly tool_name: string;
  readonly args: JsonValue;
  /** When the request lapses, in milliseconds since 1970. */
  readonly expires_at: number;
}

/** The user's decision, appended by the server so that other tabs and agents in any process see it. */
export interface ToolApprovalResolvedPayload {
  readonly tool_call_id: string;
  readonly approved: boolean;
  readonly reason?: string;
}

export interface UserMessagePayload {
  readonly message_id: string;
  readonly text: string;
}

/** Payload by event type, for the types the protocol names. */
export interface ProtocolEvents {
  agent_started: AgentStartedPayload;
  agent_thinking: DeltaPayload;
  tool_executing: ToolExecutingPayload;
  tool_completed: ToolCompletedPayload;
  agent_completed: AgentCompletedPayload;
  agent_response_chunk: DeltaPayload;
  tool_approval_requested: ToolApprovalRequestedPayload;
  tool_approval_resolved: ToolApprovalResolvedPayload;
  user_message: UserMessagePayload;
}

/**
 * Application events, added by declaration and then checked from `emit` to the client's handler.
 *
 * @example
 * ```ts
 * declare module '@ws/types' {
 *   interface ApplicationEvents {
 *     invoice_ready: { invoice_id: string; cents: number };
 *   }
 * }
 * ```
 */
// An interface, because only interfaces can be added to by declaration.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface ApplicationEvents {}

/** Every event type with its payload. */
export type EventMap = ProtocolEvents & ApplicationEvents;

/** Name of an event type. */
export type EventType = Extract<keyof EventMap, string>;

interface Envelope<Type extends string, Payload> {
  readonly type: Type;
  /** Unique; the publisher's idempotency key: the same id twice is one event. */
  readonly event_id: EventId;
  readonly thread_id?: ThreadId;
  readonly run_id?: RunId;
  /** When the event was accepted, in milliseconds since 1970. */
  readonly timestamp: number;
  /** W3C trace context of the publisher. */
  readonly traceparent?: string;
  readonly payload: Payload;
}

/** An event with its place in the stream. */
export interface NumberedEvent<Type extends string = string, Payload = JsonObject> extends Envelope<Type, Payload> {
  readonly offset: Offset;
  /** Offset of the event before this one in the client's view, where that is not `offset - 1`. */
  readonly prev?: Offset;
  /** How many consecutive deltas of one run were joined into this one; `offset` is the last one's. */
  readonly merged?: number;
  readonly volatile?: never;
}

/** An event sent while the log is away: no offset yet; the same `event_id` follows with its offset and replaces it. */
export interface VolatileEvent<Type extends string = string, Payload = JsonObject> extends Envelope<Type, Payload> {
  readonly volatile: true;
  readonly offset?: never;
}

/** Any event of the map, numbered, as a union discriminated by `type`. */
export type StreamEvent<Type extends EventType = EventType> = {
  [Name in Type]: NumberedEvent<Name, EventMap[Name]>;
}[Type];

/** Any event of the map as it is sent while the log is away. */
export type VolatileStreamEvent<Type extends EventType = EventType> = {
  [Name in Type]: VolatileEvent<Name, EventMap[Name]>;
}[Type];

/** Any event of the map as a screen may show it: numbered or volatile. */
export type ReceivedEvent<Type extends EventType = EventType> = StreamEvent<Type> | VolatileStreamEvent<Type>;

/** An event as a publisher hands it over: the server adds what is missing. */
export type EventInput<Type extends EventType = EventType> = {
  [Name in Type]: {
    readonly type: Name;
    readonly payload: EventMap[Name];
    readonly thread_id?: string;
    readonly run_id?: string;
    readonly event_id?: string;
    readonly traceparent?: string;
  };
}[Type];

/** The five events that must reach the user whatever happens. */
export const CRITICAL_EVENTS = Object.freeze([
  'agent_started',
  'agent_thinking',
  'tool_executing',
  'tool_completed',
  'agent_completed',
] as const);

export type CriticalEventType = (typeof CRITICAL_EVENTS)[number];

const CRITICAL: ReadonlySet<string> = new Set(CRITICAL_EVENTS);

/** Tells whether a type is one of the five critical events. */
export function isCriticalEvent(type: string): type is CriticalEventType {
  return CRITICAL.has(type);
}

/** Types whose payload is one text delta: consecutive ones of a run may be joined. */
export function isDeltaEvent(type: string): type is 'agent_thinking' | 'agent_response_chunk' {
  return type === 'agent_thinking' || type === 'agent_response_chunk';
}
