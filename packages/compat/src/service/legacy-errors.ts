import { WebSocketError } from '@ws/core';

/** @deprecated WSDEP063: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export const FactoryInitializationError: typeof WebSocketError = WebSocketError;
/** @deprecated WSDEP063: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export type FactoryInitializationError = WebSocketError;
/** @deprecated WSDEP064: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketComponentError: typeof WebSocketError = WebSocketError;
/** @deprecated WSDEP064: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketComponentError = WebSocketError;
/** @deprecated WSDEP065: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export const AuthenticationWebSocketError: typeof WebSocketError = WebSocketError;
/** @deprecated WSDEP065: use `WebSocketError` of `@ws/core`. Removed in 2.0.0. */
export type AuthenticationWebSocketError = WebSocketError;
