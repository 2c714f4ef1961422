import type { LegacyRows } from './legacy-row.ts';

const stats = {
  kind: 'function',
  replacement: '`hub.stats()` of `@ws/core`',
  modules: ['unified_manager', 'websocket_manager'],
} as const;
const hub = { ...stats, replacement: '`createHub` of `@ws/core`' } as const;

/** Names that looked into the registry of managers. */
export const REGISTRY_NAMES = {
  MAX_CONNECTIONS_PER_USER: {
    code: 'WSDEP033',
    kind: 'value',
    replacement: 'the hub option `maxConnectionsPerUser`',
    modules: ['websocket_manager', 'canonical_import_patterns'],
  },
  RegistryCompat: { code: 'WSDEP034', ...hub },
  WebSocketManagerRegistry: { code: 'WSDEP035', ...hub },
  getManagerRegistryStatus: { code: 'WSDEP036', ...stats },
  validateNoDuplicateManagersForUser: { code: 'WSDEP037', ...stats },
  resetManagerRegistry: { code: 'WSDEP038', ...hub },
} as const satisfies LegacyRows;
