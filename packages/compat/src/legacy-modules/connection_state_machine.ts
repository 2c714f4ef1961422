// What the module `connection_state_machine` of the first system exported.
export {
  ApplicationConnectionStateMachine,
  ConnectionStateMachine,
  WebSocketConnectionStateMachine,
} from '../messages/connection-state-machine.ts';
