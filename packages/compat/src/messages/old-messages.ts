import type { JsonObject, JsonValue } from '@ws/types';

// Types of the old message shape. JSDoc says what replaces each; none of them is a frame of the protocol.

/** @deprecated WSDEP208: use `ServerFrame` of `@ws/types`. Removed in 2.0.0. */
export interface WebSocketMessage {
  readonly type: string;
  readonly payload: JsonObject;
  /** Seconds since 1970. */
  readonly timestamp?: number;
  readonly message_id?: string;
  readonly user_id?: string;
  readonly thread_id?: string;
}

/** @deprecated WSDEP209: use `ServerFrame` of `@ws/types`. Removed in 2.0.0. */
export interface ServerMessage {
  readonly type: string;
  readonly data: JsonObject;
  /** Seconds since 1970. */
  readonly timestamp: number;
  readonly correlation_id?: string;
}

/** @deprecated WSDEP210: use `ErrorFrame` of `@ws/types`. Removed in 2.0.0. */
export interface ErrorMessage {
  readonly type: 'error';
  readonly error_code: string;
  readonly error_message: string;
  readonly details?: JsonObject;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/** @deprecated WSDEP211: use `ServerFrame` of `@ws/types`. Removed in 2.0.0. */
export interface BroadcastMessage {
  readonly type: string;
  readonly payload: JsonObject;
  readonly thread_id?: string;
}

/** @deprecated WSDEP212: use an application event of your own. Removed in 2.0.0. */
export interface JsonRpcMessage {
  readonly jsonrpc: '2.0';
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: JsonValue;
  readonly result?: JsonValue;
  readonly error?: JsonValue;
}

/** @deprecated WSDEP223: use `StreamEvent` of `@ws/types`. Removed in 2.0.0. */
export interface AgentEvent {
  readonly type: string;
  readonly run_id?: string;
  readonly thread_id?: string;
  readonly agent_name?: string;
  readonly data: JsonObject;
}
