import type { LegacyRows } from './legacy-row.ts';

const health = {
  kind: 'function',
  replacement: '`hub.health()` of `@ws/core`',
  modules: ['websocket_manager', 'canonical_import_patterns', 'canonical_imports'],
} as const;
const testing = {
  kind: 'function',
  replacement: '`createHub` with the fakes of `@ws/core/testing`',
  modules: ['websocket_manager', '.'],
} as const;
const scanner = {
  kind: 'function',
  replacement: '`npx @ws/compat scan`',
  modules: ['canonical_imports', 'canonical_import_patterns'],
} as const;
const guide = { ...scanner, replacement: '`DEPRECATIONS.md` and `docs/migration.md`' } as const;
const manager = { kind: 'function', replacement: 'the type `UnifiedWebSocketManager` of `@ws/core`' } as const;
const error = { name: 'WebSocketError', from: '@ws/core' } as const;
const errors = {
  kind: 'class',
  replacement: '`WebSocketError` of `@ws/core`',
  canonical: error,
  modules: ['canonical_imports', 'unified_emitter'],
} as const;
const state = {
  kind: 'function',
  replacement: '`connection.state` of `@ws/types`',
  modules: ['connection_state_machine'],
} as const;

/** Names around the manager: health, tests, guides, protocols, errors, states. */
export const SERVICE_NAMES = {
  checkWebsocketServiceAvailable: { code: 'WSDEP047', ...health },
  checkWebsocketServiceAvailableAsync: { code: 'WSDEP048', ...health },
  validateWebsocketComponentHealth: { code: 'WSDEP049', ...health },
  createTestUserContext: { code: 'WSDEP050', ...testing },
  createTestFallbackManager: { code: 'WSDEP051', ...testing },
  validateCanonicalImportUsage: { code: 'WSDEP052', ...scanner },
  validateImportPatternUsage: { code: 'WSDEP053', ...scanner },
  getCanonicalImportGuide: { code: 'WSDEP054', ...guide },
  getMigrationGuide: { code: 'WSDEP055', ...guide },
  MIGRATION_GUIDE: { code: 'WSDEP056', ...guide, kind: 'value' },
  WebSocketManagerProtocolValidator: { code: 'WSDEP057', ...manager, modules: ['protocols', '.'] },
  getProtocolDocumentation: { code: 'WSDEP058', ...manager, modules: ['protocols', '.'] },
  adaptManagerForLegacyCode: { code: 'WSDEP059', ...manager, modules: ['protocols', '.'] },
  FactoryInitializationError: { code: 'WSDEP063', ...errors },
  WebSocketComponentError: { code: 'WSDEP064', ...errors },
  AuthenticationWebSocketError: { code: 'WSDEP065', ...errors },
  WebSocketConnectionStateMachine: { code: 'WSDEP088', ...state },
  ApplicationConnectionStateMachine: { code: 'WSDEP089', ...state },
  ConnectionStateMachine: { code: 'WSDEP090', ...state },
} as const satisfies LegacyRows;
