// What the module `migration_adapter` of the first system exported.
export { getWebSocketManager } from '@ws/core';
export {
  IsolatedWebSocketManager,
  WebSocketConnectionManager,
  WebSocketManagerAdapter,
  WebSocketManagerCanonical,
} from '../legacy-classes.ts';
export { get_websocket_manager, getLegacyWebSocketManager, migrateSingletonUsage } from '../legacy-factories.ts';
