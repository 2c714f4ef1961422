export { attachWebSocket, type ByteSocket, type WsLike } from './ws-socket.ts';
