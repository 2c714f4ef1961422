import type { LegacyRows } from './legacy-row.ts';

const modules = ['.', 'unified_emitter', 'unified_init'] as const;
const run = { kind: 'function', replacement: '`manager.startRun()` of `@ws/core`', modules } as const;

/** Names of the emitter. */
export const EMITTER_NAMES = {
  UnifiedWebSocketEmitter: { code: 'WSDEP023', ...run },
  WebSocketEventEmitter: { code: 'WSDEP024', ...run },
  IsolatedWebSocketEventEmitter: { code: 'WSDEP025', ...run },
  UserWebSocketEmitter: { code: 'WSDEP026', ...run },
  WebSocketEmitterFactory: { code: 'WSDEP027', ...run },
  WebSocketEmitterPool: { code: 'WSDEP028', ...run },
  createWebsocketEmitter: { code: 'WSDEP029', ...run },
  createIsolatedEmitter: { code: 'WSDEP030', ...run },
  getEmitterPool: { code: 'WSDEP031', ...run },
} as const satisfies LegacyRows;
