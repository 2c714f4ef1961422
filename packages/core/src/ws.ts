export { attachWebSocket, type ByteSocket, type WsLike } from './ws-socket.ts';
export { refusalOf, refuseWebSocket, type Refusal } from './refuse-web-socket.ts';
