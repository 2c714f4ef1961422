// Types that a public type names and no entry of its package exports: a program can see them and cannot name them. `api` and its test fail for any
// other, and the test fails for one that is no longer forgotten: the list gets shorter.
/** @type {Readonly<Record<string, readonly string[]>>} */
export const FORGOTTEN_EXPORTS = {
  '@ws/compat': [
    'DeprecatedMethods',
    'EmitterUser',
    'LegacyEmitterContext',
    'LegacyRow',
    'ProtocolVerdict',
    'SnakeCaseEmitterMethods',
    'UnifiedWebSocketEmitter$1',
  ],
  '@ws/compat/websocket_manager': ['ComponentHealth', 'RegistryStatus'],
  '@ws/compat/unified_manager': ['RegistryStatus'],
  '@ws/compat/canonical_imports': ['ComponentHealth', 'ImportUsage', 'LegacyFactoryOptions'],
  '@ws/compat/canonical_import_patterns': ['ComponentHealth', 'ImportUsage', 'LegacyFactoryOptions'],
  '@ws/compat/websocket_manager_factory': ['LegacyFactoryOptions'],
  '@ws/compat/protocols': ['ProtocolVerdict'],
  '@ws/compat/unified_emitter': [
    'EmitterUser',
    'LegacyEmitterContext',
    'SnakeCaseEmitterMethods',
    'UnifiedWebSocketEmitter$1',
  ],
  '@ws/compat/unified_init': [
    'EmitterUser',
    'LegacyEmitterContext',
    'SnakeCaseEmitterMethods',
    'UnifiedWebSocketEmitter$1',
  ],
  '@ws/compat/event_validator': ['EventVerdict'],
  '@ws/compat/deprecations': ['LegacyRow', 'ROWS'],
  '@ws/core': ['CheckedUserContext', 'ManagerServices'],
  '@ws/core/internal': ['AgentCallsOptions', 'CallParts', 'CallQueue', 'NewCall', 'SessionServices'],
  '@ws/core/ws': ['MessageForm', 'SessionServices'],
  '@ws/nats': ['ResolvedOptions'],
  '@ws/react': ['CommonProps'],
  '@ws/redis': ['ResolvedOptions'],
  '@ws/server': ['Answer', 'HubOptionNames'],
  '@ws/sqlite': ['ResolvedOptions'],
  '@ws/types': ['Branded', 'Envelope', 'SchemaByType'],
};
