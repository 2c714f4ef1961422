// Sockets: those of the `ws` library and of any with the same methods, and what an adapter for another kind stands on.
export type { ConnectionSocket } from './connection/connection-socket.ts';
export { Frame, FrameGroup } from './connection/frame.ts';
export type { AcceptOptions, Session } from './connection/session.ts';
export type { AttachOptions } from './manager.ts';
export { refusalOf, refuseWebSocket, type Refusal } from './refuse-web-socket.ts';
export { attachWebSocket, type ByteSocket, type WsLike } from './ws-socket.ts';
