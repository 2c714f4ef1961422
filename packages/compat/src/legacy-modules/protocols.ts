// What the module `protocols` of the first system exported.
export {
  adaptManagerForLegacyCode,
  getProtocolDocumentation,
  WebSocketManagerProtocolValidator,
} from '../protocols/manager-protocol.ts';
export type {
  WebSocketManagerInterface,
  WebSocketManagerProtocol,
  WebSocketProtocol,
} from '../protocols/manager-protocol.ts';
