// The canonical names, so that a module that imports from here can be moved one name at a time.
export { getWebSocketManager, UnifiedWebSocketManager, type UserContext } from '@ws/core';
export { CRITICAL_EVENTS, WebSocketManagerMode } from '@ws/types';
export type {
  ConnectionId,
  ConnectionState,
  CriticalEventType,
  MessageId,
  RunId,
  ThreadId,
  UserId,
  WebSocketConnection,
} from '@ws/types';

export { getDeprecationUsage, type DeprecationUsage } from './deprecated-use.ts';
export { DEPRECATIONS, type Deprecation } from './deprecations.ts';
export {
  _UnifiedWebSocketManagerImplementation,
  IsolatedWebSocketManager,
  WebSocketConnectionManager,
  WebSocketManager,
  WebSocketManagerAdapter,
  WebSocketManagerCanonical,
} from './legacy-classes.ts';
export {
  create_websocket_manager,
  createWebSocketManager,
  createWebSocketManagerAsync,
  get_websocket_manager,
  getManager,
  getUnifiedWebSocketManager,
  getWebSocketManagerAsync,
} from './legacy-factories.ts';
