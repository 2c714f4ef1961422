import { UnifiedWebSocketEmitter as EmitterClass } from './emitter-class.ts';
import type { SnakeCaseEmitterMethods } from './snake-case-emitter-methods.ts';

/** @deprecated WSDEP023: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export type UnifiedWebSocketEmitter = EmitterClass & SnakeCaseEmitterMethods;
// The class has the methods of both spellings: those of the original one were added to its prototype.
/** @deprecated WSDEP023: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export const UnifiedWebSocketEmitter = EmitterClass as new (
  ...args: ConstructorParameters<typeof EmitterClass>
) => UnifiedWebSocketEmitter;

/** @deprecated WSDEP024: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export const WebSocketEventEmitter: typeof UnifiedWebSocketEmitter = UnifiedWebSocketEmitter;
/** @deprecated WSDEP024: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketEventEmitter = UnifiedWebSocketEmitter;
/** @deprecated WSDEP025: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export const IsolatedWebSocketEventEmitter: typeof UnifiedWebSocketEmitter = UnifiedWebSocketEmitter;
/** @deprecated WSDEP025: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export type IsolatedWebSocketEventEmitter = UnifiedWebSocketEmitter;
/** @deprecated WSDEP026: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export const UserWebSocketEmitter: typeof UnifiedWebSocketEmitter = UnifiedWebSocketEmitter;
/** @deprecated WSDEP026: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export type UserWebSocketEmitter = UnifiedWebSocketEmitter;
