export { attachWebSocket, type ByteSocket, type WsLike } from './ws-socket.ts';
export { refuseWebSocket } from './refuse-web-socket.ts';
