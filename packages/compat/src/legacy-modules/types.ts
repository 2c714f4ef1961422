// What the module `types` of the first system exported.
export { WebSocketManagerMode } from '@ws/types';
export type { ConnectionId, MessageId, ThreadId, UserId, WebSocketConnection } from '@ws/types';
export { convertJsonrpcToWebsocketMessage, isJsonrpcMessage } from '../messages/json-rpc.ts';
export {
  createErrorMessage,
  createServerMessage,
  createStandardMessage,
  getFrontendMessageType,
  normalizeMessageType,
  serializeMessageSafely,
} from '../messages/message-helpers.ts';
export {
  ConnectionState,
  MessageType,
  ReconnectionState,
  WebSocketConnectionState,
} from '../messages/old-enumerations.ts';
export type {
  AgentEvent,
  BroadcastMessage,
  ErrorMessage,
  JsonRpcMessage,
  ServerMessage,
  WebSocketMessage,
} from '../messages/old-messages.ts';
export type {
  AuthInfo,
  BatchConfig,
  ConnectionInfo,
  ConnectionMetrics,
  RateLimitInfo,
  ReconnectionConfig,
  RoomId,
  RoomInfo,
  TypingIndicator,
  WebSocketConfig,
  WebSocketStats,
} from '../messages/old-types.ts';
