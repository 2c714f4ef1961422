import type { LegacyRows } from './legacy-row.ts';

const manager = {
  kind: 'type',
  replacement: 'the type `UnifiedWebSocketManager` of `@ws/core`',
  canonical: { name: 'UnifiedWebSocketManager', from: '@ws/core' },
} as const;
const old = { kind: 'type', modules: ['types'] } as const;
const option = { ...old, replacement: '`HubOptions` of `@ws/core`' } as const;
const none = { ...old, replacement: 'an application event of your own' } as const;
const frame = { ...old, replacement: '`ServerFrame` of `@ws/types`' } as const;
const stats = { ...old, replacement: '`HubStats` of `@ws/core`' } as const;
const state = {
  kind: 'value',
  replacement: '`ConnectionState` of `@ws/types`',
  modules: ['types'],
  note: 'Its states are finer: `catching_up`, `live`, `lagging`, `closing`, `closed`.',
} as const;

/** Types, and the enumerations of module `types`. */
export const TYPE_NAMES = {
  WebSocketManagerProtocol: { code: 'WSDEP200', ...manager, modules: ['protocols', '.'] },
  WebSocketManagerInterface: { code: 'WSDEP201', ...manager, modules: ['protocols'] },
  WebSocketProtocol: { code: 'WSDEP202', ...manager, modules: ['protocols'] },
  WebSocketConnectionState: { code: 'WSDEP203', ...state },
  ConnectionState: { code: 'WSDEP204', ...state },
  ReconnectionState: { code: 'WSDEP205', ...state, replacement: '`client.state` of `@ws/client`' },
  MessageType: { code: 'WSDEP206', ...state, replacement: '`EventType` of `@ws/types`', note: 'A type, not values.' },
  ConnectionInfo: { code: 'WSDEP207', ...old, replacement: '`WebSocketConnection` of `@ws/types`' },
  WebSocketMessage: { code: 'WSDEP208', ...frame },
  ServerMessage: { code: 'WSDEP209', ...frame },
  ErrorMessage: { code: 'WSDEP210', ...frame, replacement: '`ErrorFrame` of `@ws/types`' },
  BroadcastMessage: { code: 'WSDEP211', ...frame },
  JsonRpcMessage: { code: 'WSDEP212', ...none },
  WebSocketStats: { code: 'WSDEP213', ...stats },
  RateLimitInfo: { code: 'WSDEP214', ...option },
  ConnectionMetrics: { code: 'WSDEP215', ...stats },
  RoomInfo: { code: 'WSDEP216', ...none },
  TypingIndicator: { code: 'WSDEP217', ...none },
  WebSocketConfig: { code: 'WSDEP218', ...option },
  ReconnectionConfig: { code: 'WSDEP219', ...old, replacement: 'the options of `@ws/client`' },
  AuthInfo: { code: 'WSDEP220', ...old, replacement: '`Authentication` of `@ws/core`' },
  RoomId: { code: 'WSDEP221', ...old, replacement: '`ThreadId` of `@ws/types`' },
  BatchConfig: { code: 'WSDEP222', ...option, replacement: 'the hub option `coalesceMs`' },
  AgentEvent: { code: 'WSDEP223', ...old, replacement: '`StreamEvent` of `@ws/types`' },
} as const satisfies LegacyRows;
