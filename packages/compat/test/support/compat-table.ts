/** A row of the design's table of legacy values: the names, the modules that exported them, and what they have become. */
export interface CompatRow {
  readonly names: readonly string[];
  readonly modules: readonly string[];
  readonly becomes: string;
}

const NEARLY_ALL = [
  '.',
  'websocket_manager',
  'unified_manager',
  'canonical_imports',
  'canonical_import_patterns',
  'websocket_manager_factory',
  'manager',
  'unified_emitter',
  'unified_init',
  'migration_adapter',
];

/** The table as it was agreed on, as literals: what the code has is held to it, not the other way round. */
export const COMPAT_TABLE: readonly CompatRow[] = [
  {
    names: ['WebSocketManager'],
    modules: ['.', 'websocket_manager', 'manager', 'canonical_imports', 'canonical_import_patterns', 'unified_init'],
    becomes: 'same class',
  },
  {
    names: ['UnifiedWebSocketManager'],
    modules: ['.', 'unified_manager', 'canonical_imports', 'canonical_import_patterns', 'unified_init'],
    becomes: 'same class',
  },
  { names: ['_UnifiedWebSocketManagerImplementation'], modules: ['unified_manager'], becomes: 'same class' },
  {
    names: [
      'WebSocketConnectionManager',
      'WebSocketManagerCanonical',
      'IsolatedWebSocketManager',
      'WebSocketManagerAdapter',
    ],
    modules: ['websocket_manager', 'manager', 'canonical_imports', 'unified_init', 'migration_adapter'],
    becomes: 'same class',
  },
  {
    names: ['getWebSocketManager', 'get_websocket_manager'],
    modules: NEARLY_ALL,
    becomes: 'canonical function itself',
  },
  {
    names: [
      'getWebSocketManagerAsync',
      'createWebSocketManager',
      'createWebSocketManagerAsync',
      'createWebSocketManagerSync',
      'getManager',
      'createManager',
      'getUnifiedWebSocketManager',
      'createManagerWithEnhancedCleanup',
    ],
    modules: [
      'websocket_manager',
      '.',
      'canonical_imports',
      'canonical_import_patterns',
      'unified_init',
      'websocket_manager_factory',
    ],
    becomes: 'call the factory (async ones return a promise)',
  },
  {
    names: [
      'getWebSocketManagerFactory',
      'WebSocketManagerFactory',
      'EnhancedWSFactory',
      'getEnhancedWebsocketFactory',
    ],
    modules: ['canonical_imports', 'canonical_import_patterns', 'websocket_manager_factory'],
    becomes: 'factory object with `createManager(ctx)`, honouring `maxManagersPerUser`',
  },
  {
    names: ['getLegacyWebSocketManager', 'migrateSingletonUsage'],
    modules: ['migration_adapter', 'canonical_imports'],
    becomes: 'need a user context; without one throw: a shared singleton crossed users',
  },
  {
    names: [
      'UnifiedWebSocketEmitter',
      'WebSocketEventEmitter',
      'IsolatedWebSocketEventEmitter',
      'UserWebSocketEmitter',
      'WebSocketEmitterFactory',
      'WebSocketEmitterPool',
      'createWebsocketEmitter',
      'createIsolatedEmitter',
      'getEmitterPool',
    ],
    modules: ['unified_emitter', 'unified_init', '.'],
    becomes:
      'one emitter class over a manager with `emitAgentStarted` \u2026 `emitAgentCompleted` (and `notify\u2026` twins)',
  },
  { names: ['AuthenticationWebSocketEmitter'], modules: ['unified_emitter'], becomes: 'throws a migration error' },
  { names: ['CRITICAL_EVENTS'], modules: ['.', 'unified_init', 'unified_emitter'], becomes: 'frozen list of the five' },
  {
    names: ['MAX_CONNECTIONS_PER_USER'],
    modules: ['websocket_manager', 'canonical_import_patterns'],
    becomes: 'number',
  },
  {
    names: [
      'RegistryCompat',
      'WebSocketManagerRegistry',
      'getManagerRegistryStatus',
      'validateNoDuplicateManagersForUser',
      'resetManagerRegistry',
    ],
    modules: ['unified_manager', 'websocket_manager'],
    becomes: "views of the hub's registry (reset in tests only)",
  },
  {
    names: [
      'createServerMessage',
      'createErrorMessage',
      'createStandardMessage',
      'serializeMessageSafely',
      'normalizeMessageType',
      'getFrontendMessageType',
      'isJsonrpcMessage',
      'convertJsonrpcToWebsocketMessage',
    ],
    modules: ['types', '.'],
    becomes: 'work on the old message shape',
  },
  {
    names: [
      'checkWebsocketServiceAvailable',
      'checkWebsocketServiceAvailableAsync',
      'validateWebsocketComponentHealth',
    ],
    modules: ['websocket_manager', 'canonical_import_patterns', 'canonical_imports'],
    becomes: 'real health of the hub',
  },
  {
    names: ['createTestUserContext', 'createTestFallbackManager'],
    modules: ['websocket_manager', '.'],
    becomes: 'for tests',
  },
  {
    names: [
      'validateCanonicalImportUsage',
      'validateImportPatternUsage',
      'getCanonicalImportGuide',
      'getMigrationGuide',
      'MIGRATION_GUIDE',
    ],
    modules: ['canonical_imports', 'canonical_import_patterns'],
    becomes: 'the scanner and the generated guide',
  },
  {
    names: [
      'WebSocketManagerProtocol',
      'WebSocketManagerProtocolValidator',
      'getProtocolDocumentation',
      'adaptManagerForLegacyCode',
    ],
    modules: ['protocols', '.'],
    becomes: 'type; validator checks an object against it',
  },
  {
    names: ['WebSocketHeartbeat', 'WebSocketHeartbeatManager', 'ZombieDetectionEngine'],
    modules: ['manager', 'websocket_manager_factory'],
    becomes: 'throw a migration error (the hub does it)',
  },
  {
    names: ['FactoryInitializationError', 'WebSocketComponentError', 'AuthenticationWebSocketError'],
    modules: ['canonical_imports', 'unified_emitter'],
    becomes: 'same class as the canonical error',
  },
  { names: ['WebSocketManagerInterface', 'WebSocketProtocol'], modules: ['protocols'], becomes: 'type' },
  {
    names: [
      'MessageRouter',
      'WebSocketMessageRouter',
      'UnifiedMessageRouter',
      'CanonicalMessageRouter',
      'createRouter',
      'getMessageRouter',
      'createMessageRouter',
    ],
    modules: ['message_router', 'canonical_message_router'],
    becomes: 'throw a migration error: a router shared by users crossed them',
  },
  {
    names: ['WebSocketAuthenticator', 'WebSocketAuth', 'UnifiedWebSocketAuth', 'UnifiedWebSocketAuthenticator'],
    modules: ['unified_websocket_auth'],
    becomes: 'throw a migration error',
  },
  {
    names: ['WebSocketEventValidator', 'AgentEventValidator', 'UnifiedEventValidator'],
    modules: ['event_validator'],
    becomes: 'validator over the schemas',
  },
  {
    names: ['WebSocketRecoveryManager'],
    modules: ['websocket_recovery_manager'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['ErrorRecoveryHandler'],
    modules: ['error_recovery_handler'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['ReconnectionHandler'],
    modules: ['reconnection_handler'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['WebSocketReconnectionHandler'],
    modules: ['reconnection_handler'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['StateSynchronizationManager'],
    modules: ['state_synchronization_manager'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['ConnectionExecutor'],
    modules: ['connection_executor'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['BroadcastManager'],
    modules: ['broadcast_manager'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['BroadcastCore'],
    modules: ['broadcast_core'],
    becomes: 'once aliases of the manager: same class, and the warning says that the name never meant anything else',
  },
  {
    names: ['WebSocketConnectionStateMachine', 'ApplicationConnectionStateMachine', 'ConnectionStateMachine'],
    modules: ['connection_state_machine'],
    becomes: "read-only view of a connection's state",
  },
];

/** The types and enumerations of module `types`, as they were agreed on. */
export const OLD_TYPES: readonly string[] = [
  'WebSocketConnection',
  'WebSocketManagerMode',
  'WebSocketConnectionState',
  'ConnectionState',
  'ReconnectionState',
  'MessageType',
  'ConnectionInfo',
  'WebSocketMessage',
  'ServerMessage',
  'ErrorMessage',
  'BroadcastMessage',
  'JsonRpcMessage',
  'WebSocketStats',
  'RateLimitInfo',
  'ConnectionMetrics',
  'RoomInfo',
  'TypingIndicator',
  'WebSocketConfig',
  'ReconnectionConfig',
  'AuthInfo',
  'ConnectionId',
  'UserId',
  'RoomId',
  'ThreadId',
  'MessageId',
  'BatchConfig',
  'AgentEvent',
];

/** Names that are types alone, and so not there at run time. */
export const TYPE_ONLY: readonly string[] = [
  'WebSocketManagerProtocol',
  'WebSocketManagerInterface',
  'WebSocketProtocol',
  'UserContext',
  'WebSocketConnection',
  'ConnectionState',
  'CriticalEventType',
  'RunId',
  'ConnectionId',
  'UserId',
  'ThreadId',
  'MessageId',
];
