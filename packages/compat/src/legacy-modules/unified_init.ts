// What the module `unified_init` of the first system exported.
export { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
export { CRITICAL_EVENTS } from '@ws/types';
export {
  createIsolatedEmitter,
  createWebsocketEmitter,
  getEmitterPool,
  WebSocketEmitterFactory,
  WebSocketEmitterPool,
} from '../emitter/emitter-factory.ts';
export {
  IsolatedWebSocketEventEmitter,
  UnifiedWebSocketEmitter,
  UserWebSocketEmitter,
  WebSocketEventEmitter,
} from '../emitter/unified-websocket-emitter.ts';
export {
  IsolatedWebSocketManager,
  WebSocketConnectionManager,
  WebSocketManager,
  WebSocketManagerAdapter,
  WebSocketManagerCanonical,
} from '../legacy-classes.ts';
export {
  create_websocket_manager,
  createManager,
  createManagerWithEnhancedCleanup,
  createWebSocketManager,
  createWebSocketManagerAsync,
  createWebSocketManagerSync,
  get_websocket_manager,
  getManager,
  getUnifiedWebSocketManager,
  getWebSocketManagerAsync,
} from '../legacy-factories.ts';
