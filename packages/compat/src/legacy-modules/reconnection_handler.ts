// What the module `reconnection_handler` of the first system exported.
export { ReconnectionHandler, WebSocketReconnectionHandler } from '../legacy-classes.ts';
