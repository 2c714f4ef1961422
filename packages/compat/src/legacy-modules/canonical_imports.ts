// What the module `canonical_imports` of the first system exported.
export { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
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
  getLegacyWebSocketManager,
  getManager,
  getUnifiedWebSocketManager,
  getWebSocketManagerAsync,
  migrateSingletonUsage,
} from '../legacy-factories.ts';
export {
  EnhancedWSFactory,
  getEnhancedWebsocketFactory,
  getWebSocketManagerFactory,
  WebSocketManagerFactory,
} from '../legacy-factory-class.ts';
export {
  AuthenticationWebSocketError,
  FactoryInitializationError,
  WebSocketComponentError,
} from '../service/legacy-errors.ts';
export { validateCanonicalImportUsage, validateImportPatternUsage } from '../service/import-usage.ts';
export { getCanonicalImportGuide, getMigrationGuide, MIGRATION_GUIDE } from '../service/migration-guide.ts';
export {
  checkWebsocketServiceAvailable,
  checkWebsocketServiceAvailableAsync,
  validateWebsocketComponentHealth,
} from '../service/service-health.ts';
