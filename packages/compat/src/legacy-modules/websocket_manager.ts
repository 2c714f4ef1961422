// What the module `websocket_manager` of the first system exported.
export { getWebSocketManager } from '@ws/core';
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
export {
  getManagerRegistryStatus,
  MAX_CONNECTIONS_PER_USER,
  RegistryCompat,
  resetManagerRegistry,
  validateNoDuplicateManagersForUser,
  WebSocketManagerRegistry,
} from '../registry/legacy-registry.ts';
export { createTestFallbackManager, createTestUserContext } from '../service/for-tests.ts';
export {
  checkWebsocketServiceAvailable,
  checkWebsocketServiceAvailableAsync,
  validateWebsocketComponentHealth,
} from '../service/service-health.ts';
