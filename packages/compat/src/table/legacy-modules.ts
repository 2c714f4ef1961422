/** The module paths of the first system, each a subpath of the package; `.` is the package itself. */
export const LEGACY_MODULES = [
  '.',
  'websocket_manager',
  'unified_manager',
  'canonical_imports',
  'canonical_import_patterns',
  'websocket_manager_factory',
  'manager',
  'types',
  'protocols',
  'unified_emitter',
  'unified_init',
  'migration_adapter',
  'message_router',
  'canonical_message_router',
  'unified_websocket_auth',
  'event_validator',
  'connection_state_machine',
  'websocket_recovery_manager',
  'error_recovery_handler',
  'reconnection_handler',
  'state_synchronization_manager',
  'connection_executor',
  'broadcast_manager',
  'broadcast_core',
] as const;

/** A module path of the first system. */
export type LegacyModule = (typeof LEGACY_MODULES)[number];
