// What the module `unified_websocket_auth` of the first system exported.
export {
  UnifiedWebSocketAuth,
  UnifiedWebSocketAuthenticator,
  WebSocketAuth,
  WebSocketAuthenticator,
} from '../refused-names.ts';
