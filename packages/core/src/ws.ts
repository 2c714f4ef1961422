export { attachWebSocket, type WsLike } from './ws-socket.ts';
