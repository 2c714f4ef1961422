// What the module `websocket_manager_factory` of the first system exported.
export { getWebSocketManager } from '@ws/core';
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
export {
  EnhancedWSFactory,
  getEnhancedWebsocketFactory,
  getWebSocketManagerFactory,
  WebSocketManagerFactory,
} from '../legacy-factory-class.ts';
export {
  ConnectionLifecycleManager,
  MockWebSocketManagerFactory,
  WebSocketHeartbeat,
  WebSocketHeartbeatManager,
  ZombieDetectionEngine,
} from '../refused-names.ts';
