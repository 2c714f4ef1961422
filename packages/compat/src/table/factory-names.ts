import type { LegacyRows } from './legacy-row.ts';

const canonical = { name: 'getWebSocketManager', from: '@ws/core' } as const;
const factory = {
  kind: 'function',
  replacement: '`getWebSocketManager` of `@ws/core`',
  canonical,
  call: 'same',
} as const;
const awaited = { ...factory, call: 'drop-await' } as const;
const hub = { kind: 'function', replacement: '`createHub` and `getWebSocketManager` of `@ws/core`' } as const;
const modules = [
  '.',
  'websocket_manager',
  'canonical_imports',
  'canonical_import_patterns',
  'unified_init',
  'websocket_manager_factory',
] as const;
const everywhere = [...modules, 'unified_manager', 'manager', 'unified_emitter', 'migration_adapter'] as const;
const factories = ['canonical_imports', 'canonical_import_patterns', 'websocket_manager_factory'] as const;
const adapter = ['migration_adapter', 'canonical_imports'] as const;

/** Names of the manager factory. */
export const FACTORY_NAMES = {
  get_websocket_manager: { code: 'WSDEP007', ...factory, modules: everywhere },
  getWebSocketManagerAsync: { code: 'WSDEP008', ...awaited, modules },
  createWebSocketManager: { code: 'WSDEP009', ...factory, modules },
  create_websocket_manager: { code: 'WSDEP010', ...factory, modules },
  createWebSocketManagerAsync: { code: 'WSDEP011', ...awaited, modules },
  getManager: { code: 'WSDEP012', ...factory, modules },
  getUnifiedWebSocketManager: { code: 'WSDEP013', ...factory, modules },
  createWebSocketManagerSync: { code: 'WSDEP014', ...factory, modules },
  createManager: { code: 'WSDEP015', ...factory, modules },
  createManagerWithEnhancedCleanup: { code: 'WSDEP016', ...factory, modules },
  getWebSocketManagerFactory: { code: 'WSDEP017', ...hub, modules: factories },
  WebSocketManagerFactory: { code: 'WSDEP018', ...hub, modules: factories },
  EnhancedWSFactory: { code: 'WSDEP019', ...hub, modules: factories },
  getEnhancedWebsocketFactory: { code: 'WSDEP020', ...hub, modules: factories },
  getLegacyWebSocketManager: { code: 'WSDEP021', ...factory, modules: adapter },
  migrateSingletonUsage: { code: 'WSDEP022', ...factory, modules: adapter },
} as const satisfies LegacyRows;
