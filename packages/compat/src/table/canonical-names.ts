import type { LegacyModule } from './legacy-modules.ts';
import type { CanonicalName } from './legacy-row.ts';
import { FACTORY_NAMES } from './factory-names.ts';

/** A name that is canonical itself, in a place where it is not. */
export interface MovedName {
  readonly name: string;
  readonly from: CanonicalName['from'];
  readonly modules: readonly LegacyModule[];
}

const types = (name: string, ...modules: LegacyModule[]): MovedName => ({ name, from: '@ws/types', modules });

/** Canonical names that come along: they never warn, and only the place they are imported from has to change. */
export const MOVED_NAMES: readonly MovedName[] = [
  {
    name: 'UnifiedWebSocketManager',
    from: '@ws/core',
    modules: ['.', 'unified_manager', 'canonical_imports', 'canonical_import_patterns', 'unified_init'],
  },
  { name: 'getWebSocketManager', from: '@ws/core', modules: FACTORY_NAMES.get_websocket_manager.modules },
  { name: 'UserContext', from: '@ws/core', modules: ['.'] },
  types('CRITICAL_EVENTS', '.', 'unified_init', 'unified_emitter'),
  types('WebSocketManagerMode', '.', 'types'),
  types('WebSocketConnection', '.', 'types'),
  types('ConnectionState', '.'),
  types('CriticalEventType', '.'),
  types('RunId', '.'),
  types('ConnectionId', '.', 'types'),
  types('UserId', '.', 'types'),
  types('ThreadId', '.', 'types'),
  types('MessageId', '.', 'types'),
];
