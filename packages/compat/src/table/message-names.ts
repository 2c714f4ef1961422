import type { LegacyRows } from './legacy-row.ts';

const frames = { kind: 'function', replacement: 'the frames of `@ws/types`', modules: ['types', '.'] } as const;
const validator = {
  kind: 'function',
  replacement: '`parseEventInput` of `@ws/types`',
  modules: ['event_validator'],
} as const;

/** Names that made, read and checked messages of the old shape. */
export const MESSAGE_NAMES = {
  createServerMessage: { code: 'WSDEP039', ...frames },
  createErrorMessage: { code: 'WSDEP040', ...frames },
  createStandardMessage: { code: 'WSDEP041', ...frames },
  serializeMessageSafely: { code: 'WSDEP042', ...frames },
  normalizeMessageType: { code: 'WSDEP043', ...frames },
  getFrontendMessageType: { code: 'WSDEP044', ...frames },
  isJsonrpcMessage: { code: 'WSDEP045', ...frames },
  convertJsonrpcToWebsocketMessage: { code: 'WSDEP046', ...frames },
  WebSocketEventValidator: { code: 'WSDEP077', ...validator },
  AgentEventValidator: { code: 'WSDEP078', ...validator },
  UnifiedEventValidator: { code: 'WSDEP079', ...validator },
} as const satisfies LegacyRows;
