// What the module `unified_manager` of the first system exported.
export { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
export { _UnifiedWebSocketManagerImplementation } from '../legacy-classes.ts';
export { get_websocket_manager } from '../legacy-factories.ts';
export {
  getManagerRegistryStatus,
  RegistryCompat,
  resetManagerRegistry,
  validateNoDuplicateManagersForUser,
  WebSocketManagerRegistry,
} from '../registry/legacy-registry.ts';
