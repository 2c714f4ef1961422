// What the module `websocket_recovery_manager` of the first system exported.
export { WebSocketRecoveryManager } from '../legacy-classes.ts';
