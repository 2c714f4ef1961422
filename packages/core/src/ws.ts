// For those who bring sockets: the port of a socket, and sockets of the `ws` package.
export type { Authenticate, Authentication } from './authentication.ts';
export type { ConnectionSocket } from './connection/connection-socket.ts';
export type { Frame, FrameGroup } from './stream/frame.ts';
export type { AcceptOptions, Session } from './connection/session.ts';
export type { AttachOptions } from './manager.ts';
export { attachWebSocket, type ByteSocket, type WsLike } from './ws-socket.ts';
export { refusalOf, refuseWebSocket, type Refusal } from './refuse-web-socket.ts';
