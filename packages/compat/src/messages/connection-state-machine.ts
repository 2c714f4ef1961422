import type { WebSocketConnection } from '@ws/types';
import { noteUse } from '../deprecated-use.ts';
import { oldConnectionState, WebSocketConnectionState } from './old-enumerations.ts';

/**
 * A view of a connection's state under the old names. It is read only: the connection itself is the one that changes it.
 * @deprecated WSDEP090: use `connection.state` of `@ws/types`. Removed in 2.0.0.
 */
export class ConnectionStateMachine {
  readonly #connection: WebSocketConnection;

  constructor(connection: WebSocketConnection) {
    noteUse('ConnectionStateMachine', ConnectionStateMachine);
    this.#connection = connection;
  }

  get state(): WebSocketConnectionState {
    return oldConnectionState(this.#connection.state);
  }

  get currentState(): WebSocketConnectionState {
    return this.state;
  }

  get isConnected(): boolean {
    return this.state === WebSocketConnectionState.CONNECTED;
  }
}

/** @deprecated WSDEP088: use `connection.state` of `@ws/types`. Removed in 2.0.0. */
export const WebSocketConnectionStateMachine: typeof ConnectionStateMachine = ConnectionStateMachine;
/** @deprecated WSDEP088: use `connection.state` of `@ws/types`. Removed in 2.0.0. */
export type WebSocketConnectionStateMachine = ConnectionStateMachine;
/** @deprecated WSDEP089: use `connection.state` of `@ws/types`. Removed in 2.0.0. */
export const ApplicationConnectionStateMachine: typeof ConnectionStateMachine = ConnectionStateMachine;
/** @deprecated WSDEP089: use `connection.state` of `@ws/types`. Removed in 2.0.0. */
export type ApplicationConnectionStateMachine = ConnectionStateMachine;
