// What the module `unified_emitter` of the first system exported.
export { getWebSocketManager } from '@ws/core';
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
export { get_websocket_manager } from '../legacy-factories.ts';
export { AuthenticationWebSocketEmitter } from '../refused-names.ts';
export {
  AuthenticationWebSocketError,
  FactoryInitializationError,
  WebSocketComponentError,
} from '../service/legacy-errors.ts';
