import type { LegacyRows } from './legacy-row.ts';

const canonical = { name: 'UnifiedWebSocketManager', from: '@ws/core' } as const;
const same = { kind: 'class', replacement: '`UnifiedWebSocketManager` of `@ws/core`', canonical } as const;
const once = { ...same, note: 'The name was once an alias of the manager and never meant anything else.' } as const;
const aliases = [
  '.',
  'websocket_manager',
  'manager',
  'canonical_imports',
  'unified_init',
  'migration_adapter',
] as const;

/** Names of the manager class. */
export const MANAGER_NAMES = {
  WebSocketManager: {
    code: 'WSDEP001',
    ...same,
    modules: ['.', 'websocket_manager', 'manager', 'canonical_imports', 'canonical_import_patterns', 'unified_init'],
  },
  _UnifiedWebSocketManagerImplementation: { code: 'WSDEP002', ...same, modules: ['.', 'unified_manager'] },
  WebSocketConnectionManager: { code: 'WSDEP003', ...same, modules: aliases },
  WebSocketManagerCanonical: { code: 'WSDEP004', ...same, modules: aliases },
  IsolatedWebSocketManager: { code: 'WSDEP005', ...same, modules: aliases },
  WebSocketManagerAdapter: { code: 'WSDEP006', ...same, modules: aliases },
  WebSocketRecoveryManager: { code: 'WSDEP080', ...once, modules: ['.', 'websocket_recovery_manager'] },
  ErrorRecoveryHandler: { code: 'WSDEP081', ...once, modules: ['.', 'error_recovery_handler'] },
  ReconnectionHandler: { code: 'WSDEP082', ...once, modules: ['.', 'reconnection_handler'] },
  WebSocketReconnectionHandler: { code: 'WSDEP083', ...once, modules: ['.', 'reconnection_handler'] },
  StateSynchronizationManager: { code: 'WSDEP084', ...once, modules: ['.', 'state_synchronization_manager'] },
  ConnectionExecutor: { code: 'WSDEP085', ...once, modules: ['.', 'connection_executor'] },
  BroadcastManager: { code: 'WSDEP086', ...once, modules: ['.', 'broadcast_manager'] },
  BroadcastCore: { code: 'WSDEP087', ...once, modules: ['.', 'broadcast_core'] },
} as const satisfies LegacyRows;
