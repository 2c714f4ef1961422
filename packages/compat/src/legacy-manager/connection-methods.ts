import type { UnifiedWebSocketManager } from '@ws/core';
import type { Session } from '@ws/core/internal';
import {
  attachLegacyClient,
  type LegacyConnectOptions,
  type LegacySocket,
} from '../legacy-client/attach-legacy-client.ts';
import { linkOf, linksOf } from '../legacy-client/legacy-links.ts';
import { assertOwnUser } from './assert-own-user.ts';

type Manager = UnifiedWebSocketManager;

/** A connection as legacy code described it. */
export interface LegacyConnectionRequest extends LegacyConnectOptions {
  readonly websocket: LegacySocket;
  readonly userId?: string;
}

export const connectionMethods = {
  /** @deprecated WSDEP300: use `manager.attach`. Removed in 2.0.0. */
  addConnection(this: Manager, connection: LegacyConnectionRequest): Session {
    assertOwnUser(this, connection.userId, 'addConnection');
    return attachLegacyClient(this, connection.websocket, connection);
  },

  /** @deprecated WSDEP301: use `manager.attach`. Removed in 2.0.0. */
  connectUser(this: Manager, userId: string, websocket: LegacySocket, options?: LegacyConnectOptions): Session {
    assertOwnUser(this, userId, 'connectUser');
    return attachLegacyClient(this, websocket, options);
  },

  /** @deprecated WSDEP302: use `manager.attach`. Removed in 2.0.0. */
  addConnectionByUser(this: Manager, userId: string, websocket: LegacySocket, options?: LegacyConnectOptions): Session {
    assertOwnUser(this, userId, 'addConnectionByUser');
    return attachLegacyClient(this, websocket, options);
  },

  /** @deprecated WSDEP303: use `manager.attach`. Removed in 2.0.0. */
  handleConnection(this: Manager, websocket: LegacySocket, options?: LegacyConnectOptions): Session {
    return attachLegacyClient(this, websocket, options);
  },

  /** @deprecated WSDEP304: use `connection.close`. Removed in 2.0.0. */
  removeConnection(this: Manager, connection: string | LegacySocket): boolean {
    return closeOne(this, connection);
  },

  /** @deprecated WSDEP305: use `connection.close`. Removed in 2.0.0. */
  disconnectUser(this: Manager, userId: string, connection?: string | LegacySocket): boolean {
    assertOwnUser(this, userId, 'disconnectUser');
    return connection === undefined ? closeAll(this) : closeOne(this, connection);
  },

  /** @deprecated WSDEP306: use `connection.close`. Removed in 2.0.0. */
  removeConnectionByUser(this: Manager, userId: string): boolean {
    assertOwnUser(this, userId, 'removeConnectionByUser');
    return closeAll(this);
  },

  /** @deprecated WSDEP307: use `connection.close`. Removed in 2.0.0. */
  handleDisconnection(this: Manager, websocket: LegacySocket): boolean {
    return closeOne(this, websocket);
  },

  /**
   * Closes the connections of this user. The process, with all users, goes away with `hub.drain()`.
   * @deprecated WSDEP351: use `hub.drain()`. Removed in 2.0.0.
   */
  shutdown(this: Manager): Promise<void> {
    closeAll(this);
    return Promise.resolve();
  },
};

/** Tells whether there was one to close. */
function closeOne(manager: Manager, key: unknown): boolean {
  const link = linkOf(manager, key);
  const connection = link?.session.connection ?? manager.connections.find(({ id }) => id === key);
  if (connection !== undefined) connection.close('NORMAL');
  else link?.session.close('NORMAL');
  return link !== undefined || connection !== undefined;
}

function closeAll(manager: Manager): boolean {
  const connections = manager.connections;
  const opening = [...linksOf(manager)].filter(({ session }) => session.connection === undefined);
  for (const connection of connections) connection.close('NORMAL');
  for (const { session } of opening) session.close('NORMAL');
  return connections.length + opening.length > 0;
}
