// What the module `canonical_import_patterns` of the first system exported.
export { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
export { WebSocketManager } from '../legacy-classes.ts';
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
export { MAX_CONNECTIONS_PER_USER } from '../registry/legacy-registry.ts';
export { validateCanonicalImportUsage, validateImportPatternUsage } from '../service/import-usage.ts';
export { getCanonicalImportGuide, getMigrationGuide, MIGRATION_GUIDE } from '../service/migration-guide.ts';
export {
  checkWebsocketServiceAvailable,
  checkWebsocketServiceAvailableAsync,
  validateWebsocketComponentHealth,
} from '../service/service-health.ts';
