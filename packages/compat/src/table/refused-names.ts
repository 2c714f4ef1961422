import type { LegacyRows } from './legacy-row.ts';

const heartbeat = {
  kind: 'refused',
  replacement: 'the hub options `heartbeatMs` and `maxLagMs`',
  modules: ['manager', 'websocket_manager_factory'],
  note: 'The hub finds dead peers by itself.',
} as const;
const router = {
  kind: 'refused',
  replacement: 'the hub option `onUserMessage`',
  modules: ['message_router', 'canonical_message_router'],
  note: 'A router that users shared crossed them; each connection of the hub has its own frame handler.',
} as const;
const authentication = {
  kind: 'refused',
  replacement: '`authenticate` of `hub.accept`',
  modules: ['unified_websocket_auth'],
  note: 'Credentials are checked before a connection has a manager.',
} as const;
const mock = { kind: 'refused', modules: ['websocket_manager_factory'], note: 'A mock that looked real.' } as const;

/** Names that exist to say what to use: carrying them would carry a fault of the first system. */
export const REFUSED_NAMES = {
  AuthenticationWebSocketEmitter: { code: 'WSDEP032', ...authentication, modules: ['unified_emitter'] },
  WebSocketHeartbeat: { code: 'WSDEP060', ...heartbeat },
  WebSocketHeartbeatManager: { code: 'WSDEP061', ...heartbeat },
  ZombieDetectionEngine: { code: 'WSDEP062', ...heartbeat },
  MessageRouter: { code: 'WSDEP066', ...router },
  WebSocketMessageRouter: { code: 'WSDEP067', ...router },
  UnifiedMessageRouter: { code: 'WSDEP068', ...router },
  CanonicalMessageRouter: { code: 'WSDEP069', ...router },
  createRouter: { code: 'WSDEP070', ...router },
  getMessageRouter: { code: 'WSDEP071', ...router },
  createMessageRouter: { code: 'WSDEP072', ...router },
  WebSocketAuthenticator: { code: 'WSDEP073', ...authentication },
  WebSocketAuth: { code: 'WSDEP074', ...authentication },
  UnifiedWebSocketAuth: { code: 'WSDEP075', ...authentication },
  UnifiedWebSocketAuthenticator: { code: 'WSDEP076', ...authentication },
  MockWebSocketManagerFactory: {
    code: 'WSDEP091',
    ...mock,
    replacement: '`createHub` with the fakes of `@ws/core/testing`',
  },
  ConnectionLifecycleManager: { code: 'WSDEP092', ...mock, replacement: '`manager.attach` and `connection.close`' },
} as const satisfies LegacyRows;
