import type { ConnectionState as CanonicalState } from '@ws/types';

/** @deprecated WSDEP203: use `ConnectionState` of `@ws/types`. Removed in 2.0.0. */
export const WebSocketConnectionState = Object.freeze({
  CONNECTING: 'connecting',
  CONNECTED: 'connected',
  ACTIVE: 'connected',
  DISCONNECTING: 'disconnecting',
  CLOSING: 'disconnecting',
  DISCONNECTED: 'disconnected',
  CLOSED: 'disconnected',
  ERROR: 'error',
  FAILED: 'error',
} as const);
/** @deprecated WSDEP203: use `ConnectionState` of `@ws/types`. Removed in 2.0.0. */
export type WebSocketConnectionState = (typeof WebSocketConnectionState)[keyof typeof WebSocketConnectionState];

/** @deprecated WSDEP204: use `ConnectionState` of `@ws/types`. Removed in 2.0.0. */
export const ConnectionState: typeof WebSocketConnectionState = WebSocketConnectionState;
/** @deprecated WSDEP204: use `ConnectionState` of `@ws/types`. Removed in 2.0.0. */
export type ConnectionState = WebSocketConnectionState;

/** @deprecated WSDEP205: use `client.state` of `@ws/client`. Removed in 2.0.0. */
export const ReconnectionState = Object.freeze({
  DISCONNECTED: 'disconnected',
  CONNECTING: 'connecting',
  CONNECTED: 'connected',
  RECONNECTING: 'reconnecting',
  FAILED: 'failed',
} as const);
/** @deprecated WSDEP205: use `client.state` of `@ws/client`. Removed in 2.0.0. */
export type ReconnectionState = (typeof ReconnectionState)[keyof typeof ReconnectionState];

/** @deprecated WSDEP206: use `EventType` of `@ws/types`. Removed in 2.0.0. */
export const MessageType = Object.freeze({
  AGENT_STARTED: 'agent_started',
  AGENT_THINKING: 'agent_thinking',
  TOOL_EXECUTING: 'tool_executing',
  TOOL_COMPLETED: 'tool_completed',
  AGENT_COMPLETED: 'agent_completed',
  AGENT_RESPONSE_CHUNK: 'agent_response_chunk',
  USER_MESSAGE: 'user_message',
  ERROR: 'error',
  PING: 'ping',
  PONG: 'pong',
} as const);
/** @deprecated WSDEP206: use `EventType` of `@ws/types`. Removed in 2.0.0. */
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** The old state that a connection's state comes closest to. */
export function oldConnectionState(state: CanonicalState): WebSocketConnectionState {
  switch (state) {
    case 'catching_up':
      return WebSocketConnectionState.CONNECTING;
    case 'live':
    case 'lagging':
      return WebSocketConnectionState.CONNECTED;
    case 'closing':
      return WebSocketConnectionState.DISCONNECTING;
    case 'closed':
      return WebSocketConnectionState.DISCONNECTED;
  }
}
