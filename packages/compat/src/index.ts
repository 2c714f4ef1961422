// The canonical names come along, so that a module that imports from here can be moved one name at a time.
export { getWebSocketManager, UnifiedWebSocketManager } from '@ws/core';
export type { UserContext } from '@ws/core';
export { CRITICAL_EVENTS, WebSocketManagerMode } from '@ws/types';
export type {
  ConnectionId,
  ConnectionState,
  CriticalEventType,
  MessageId,
  RunId,
  ThreadId,
  UserId,
  WebSocketConnection,
} from '@ws/types';
export {
  createIsolatedEmitter,
  createWebsocketEmitter,
  getEmitterPool,
  WebSocketEmitterFactory,
  WebSocketEmitterPool,
} from './emitter/emitter-factory.ts';
export {
  IsolatedWebSocketEventEmitter,
  UnifiedWebSocketEmitter,
  UserWebSocketEmitter,
  WebSocketEventEmitter,
} from './emitter/unified-websocket-emitter.ts';
export {
  _UnifiedWebSocketManagerImplementation,
  BroadcastCore,
  BroadcastManager,
  ConnectionExecutor,
  ErrorRecoveryHandler,
  IsolatedWebSocketManager,
  ReconnectionHandler,
  StateSynchronizationManager,
  WebSocketConnectionManager,
  WebSocketManager,
  WebSocketManagerAdapter,
  WebSocketManagerCanonical,
  WebSocketReconnectionHandler,
  WebSocketRecoveryManager,
} from './legacy-classes.ts';
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
} from './legacy-factories.ts';
export { convertJsonrpcToWebsocketMessage, isJsonrpcMessage } from './messages/json-rpc.ts';
export {
  createErrorMessage,
  createServerMessage,
  createStandardMessage,
  getFrontendMessageType,
  normalizeMessageType,
  serializeMessageSafely,
} from './messages/message-helpers.ts';
export {
  adaptManagerForLegacyCode,
  getProtocolDocumentation,
  WebSocketManagerProtocolValidator,
} from './protocols/manager-protocol.ts';
export type { WebSocketManagerProtocol } from './protocols/manager-protocol.ts';
export { createTestFallbackManager, createTestUserContext } from './service/for-tests.ts';

export {
  getDeprecationUsage,
  onDeprecatedUse,
  type DeprecatedUseListener,
  type DeprecationUsage,
} from './deprecated-use.ts';
export { DEPRECATIONS, type Deprecation } from './deprecations.ts';
export {
  attachLegacyClient,
  type LegacyConnectOptions,
  type LegacySocket,
} from './legacy-client/attach-legacy-client.ts';
export type { LegacyReceipt } from './legacy-emit/emit-legacy.ts';
export type { LegacyMessage } from './legacy-emit/legacy-event.ts';
export type { LegacyEventContext, LegacyShape, LegacyWireEvent } from './legacy-events/legacy-shape.ts';
export { toLegacyEvent, type TranslatableEvent } from './legacy-events/to-legacy-event.ts';
export { withLegacyEvents } from './legacy-events/with-legacy-events.ts';
export type { LegacyManager } from './legacy-manager/legacy-manager.ts';
export { MigrationError } from './migration-error.ts';
// What the types above name.
export type { EmitterUser } from './emitter/emitter-factory.ts';
export type { LegacyEmitterContext } from './emitter/emitter-run.ts';
export type { SnakeCaseEmitterMethods } from './emitter/snake-case-emitter-methods.ts';
export type { LegacyFactoryOptions } from './legacy-factory-class.ts';
export type { DeprecatedMethods } from './legacy-manager/deprecated-methods.ts';
export type { EventVerdict } from './messages/event-validator.ts';
export type { ProtocolVerdict } from './protocols/manager-protocol.ts';
export type { RegistryStatus } from './registry/legacy-registry.ts';
export type { ImportUsage } from './service/import-usage.ts';
export type { ComponentHealth } from './service/service-health.ts';
export type { LegacyRow } from './table/legacy-row.ts';
