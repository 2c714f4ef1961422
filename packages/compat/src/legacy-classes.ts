import { UnifiedWebSocketManager } from '@ws/core';

// Each alias is the class itself, not a subclass and not a proxy, so that `instanceof` and `===` hold whichever name a module uses.

/** @deprecated WSDEP001: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP001: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManager = UnifiedWebSocketManager;

/** @deprecated WSDEP002: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const _UnifiedWebSocketManagerImplementation: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP002: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type _UnifiedWebSocketManagerImplementation = UnifiedWebSocketManager;

/** @deprecated WSDEP003: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketConnectionManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP003: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketConnectionManager = UnifiedWebSocketManager;

/** @deprecated WSDEP004: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManagerCanonical: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP004: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerCanonical = UnifiedWebSocketManager;

/** @deprecated WSDEP005: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const IsolatedWebSocketManager: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP005: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type IsolatedWebSocketManager = UnifiedWebSocketManager;

/** @deprecated WSDEP006: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketManagerAdapter: typeof UnifiedWebSocketManager = UnifiedWebSocketManager;
/** @deprecated WSDEP006: use `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerAdapter = UnifiedWebSocketManager;
