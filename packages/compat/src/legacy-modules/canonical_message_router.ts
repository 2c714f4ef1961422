// What the module `canonical_message_router` of the first system exported.
export {
  CanonicalMessageRouter,
  createMessageRouter,
  createRouter,
  getMessageRouter,
  MessageRouter,
  UnifiedMessageRouter,
  WebSocketMessageRouter,
} from '../refused-names.ts';
