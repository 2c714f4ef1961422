import type { ThreadId } from '@ws/types';

// Types of module `types` that code may still name. Nothing of this package takes or returns them.

/** @deprecated WSDEP207: use `WebSocketConnection` of `@ws/types`. Removed in 2.0.0. */
export interface ConnectionInfo {
  readonly connection_id: string;
  readonly user_id: string;
  readonly thread_id?: string;
  /** Milliseconds since 1970. */
  readonly connected_at: number;
}

/** @deprecated WSDEP213: use `HubStats` of `@ws/core`. Removed in 2.0.0. */
export interface WebSocketStats {
  readonly total_connections: number;
  readonly active_connections: number;
}

/** @deprecated WSDEP214: use `HubOptions` of `@ws/core`. Removed in 2.0.0. */
export interface RateLimitInfo {
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds since 1970. */
  readonly reset_at: number;
}

/** @deprecated WSDEP215: use `HubStats` of `@ws/core`. Removed in 2.0.0. */
export interface ConnectionMetrics {
  readonly messages_sent: number;
  readonly messages_received: number;
}

/** @deprecated WSDEP216: use an application event of your own. Removed in 2.0.0. */
export interface RoomInfo {
  readonly room_id: string;
  readonly members: readonly string[];
}

/** @deprecated WSDEP217: use an application event of your own. Removed in 2.0.0. */
export interface TypingIndicator {
  readonly user_id: string;
  readonly thread_id: string;
  readonly is_typing: boolean;
}

/** @deprecated WSDEP218: use `HubOptions` of `@ws/core`. Removed in 2.0.0. */
export interface WebSocketConfig {
  readonly max_connections_per_user?: number;
  readonly heartbeat_interval_seconds?: number;
}

/** @deprecated WSDEP219: use the options of `@ws/client`. Removed in 2.0.0. */
export interface ReconnectionConfig {
  readonly max_attempts?: number;
  readonly initial_delay_seconds?: number;
}

/** @deprecated WSDEP220: use `Authentication` of `@ws/core`. Removed in 2.0.0. */
export interface AuthInfo {
  readonly user_id: string;
  /** Milliseconds since 1970. */
  readonly expires_at?: number;
}

/** @deprecated WSDEP222: use the hub option `coalesceMs`. Removed in 2.0.0. */
export interface BatchConfig {
  readonly max_batch_size?: number;
  readonly max_wait_ms?: number;
}

/** @deprecated WSDEP221: use `ThreadId` of `@ws/types`. Removed in 2.0.0. */
export type RoomId = ThreadId;
