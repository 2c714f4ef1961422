// What the module `manager` of the first system exported.
export { getWebSocketManager } from '@ws/core';
export {
  IsolatedWebSocketManager,
  WebSocketConnectionManager,
  WebSocketManager,
  WebSocketManagerAdapter,
  WebSocketManagerCanonical,
} from '../legacy-classes.ts';
export { get_websocket_manager } from '../legacy-factories.ts';
export { WebSocketHeartbeat, WebSocketHeartbeatManager, ZombieDetectionEngine } from '../refused-names.ts';
