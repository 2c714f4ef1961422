import { UnifiedWebSocketManager } from '@ws/core';
import type { LegacyManager } from './legacy-manager/legacy-manager.ts';

// Each alias is the class itself, not a subclass and not a proxy, so that `instanceof` and `===` hold whichever name a module uses.
// As a type it is what legacy code means by it: a manager with the old methods, which legacy factories give.

/** @deprecated WSDEP001: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP001: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManager = LegacyManager;

/** @deprecated WSDEP002: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const _UnifiedWebSocketManagerImplementation: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP002: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type _UnifiedWebSocketManagerImplementation = LegacyManager;

/** @deprecated WSDEP003: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketConnectionManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP003: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketConnectionManager = LegacyManager;

/** @deprecated WSDEP004: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManagerCanonical: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP004: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerCanonical = LegacyManager;

/** @deprecated WSDEP005: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const IsolatedWebSocketManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP005: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type IsolatedWebSocketManager = LegacyManager;

/** @deprecated WSDEP006: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManagerAdapter: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP006: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerAdapter = LegacyManager;

/** @deprecated WSDEP080: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketRecoveryManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP080: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketRecoveryManager = LegacyManager;

/** @deprecated WSDEP081: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const ErrorRecoveryHandler: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP081: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type ErrorRecoveryHandler = LegacyManager;

/** @deprecated WSDEP082: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const ReconnectionHandler: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP082: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type ReconnectionHandler = LegacyManager;

/** @deprecated WSDEP083: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketReconnectionHandler: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP083: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketReconnectionHandler = LegacyManager;

/** @deprecated WSDEP084: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const StateSynchronizationManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP084: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type StateSynchronizationManager = LegacyManager;

/** @deprecated WSDEP085: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const ConnectionExecutor: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP085: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type ConnectionExecutor = LegacyManager;

/** @deprecated WSDEP086: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const BroadcastManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP086: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type BroadcastManager = LegacyManager;

/** @deprecated WSDEP087: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const BroadcastCore: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP087: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type BroadcastCore = LegacyManager;
