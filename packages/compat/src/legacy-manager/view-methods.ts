import type { UnifiedWebSocketManager } from '@ws/core';
import type { WebSocketConnection } from '@ws/types';
import type { LegacySocket } from '../legacy-client/attach-legacy-client.ts';
import { linkOf } from '../legacy-client/legacy-links.ts';
import { assertOwnUser } from './assert-own-user.ts';
import { callErrors } from './call-errors.ts';

type Manager = UnifiedWebSocketManager;

export const viewMethods = {
  /** @deprecated WSDEP323: use `manager.connections`. Removed in 2.0.0. */
  getConnection(this: Manager, connectionId: string): WebSocketConnection | undefined {
    return linkOf(this, connectionId)?.session.connection ?? this.connections.find(({ id }) => id === connectionId);
  },

  /** @deprecated WSDEP324: use `manager.connections`. Removed in 2.0.0. */
  getUserConnections(this: Manager, userId?: string): readonly WebSocketConnection[] {
    assertOwnUser(this, userId, 'getUserConnections');
    return this.connections;
  },

  /** @deprecated WSDEP325: use `manager.connections`. Removed in 2.0.0. */
  getConnectionCount(this: Manager, userId?: string): number {
    assertOwnUser(this, userId, 'getConnectionCount');
    return this.connections.length;
  },

  /**
   * Of a connection by its id, or of the user by theirs.
   * @deprecated WSDEP326: use `manager.connections`. Removed in 2.0.0.
   */
  isConnectionActive(this: Manager, id: string): boolean {
    const connections = id === this.userId ? this.connections : [viewMethods.getConnection.call(this, id)];
    return connections.some((connection) => connection !== undefined && isActive(connection));
  },

  /** @deprecated WSDEP327: use `manager.connections`. Removed in 2.0.0. */
  isUserConnected(this: Manager, userId?: string): boolean {
    assertOwnUser(this, userId, 'isUserConnected');
    return this.connections.some(isActive);
  },

  /** @deprecated WSDEP328: use `manager.connections`. Removed in 2.0.0. */
  getConnectionHealth(this: Manager, id: string = this.userId) {
    const connections = id === this.userId ? this.connections : [viewMethods.getConnection.call(this, id)];
    const known = connections.filter((connection) => connection !== undefined);
    return {
      user_id: this.userId,
      has_active_connections: known.some(isActive),
      total_connections: known.length,
      connections: known.map((connection) => ({
        connection_id: connection.id,
        state: connection.state,
        active: isActive(connection),
        connected_at: connection.connectedAt,
        sent_offset: connection.sentOffset,
        acked_offset: connection.ackedOffset,
      })),
    };
  },

  /** @deprecated WSDEP329: use `manager.connections`. Removed in 2.0.0. */
  getConnectionIdByWebsocket(this: Manager, websocket: LegacySocket): string | undefined {
    const link = linkOf(this, websocket);
    return link?.connectionId ?? link?.session.connection?.id;
  },

  /**
   * Of this user; what the process does is in `hub.stats()`.
   * @deprecated WSDEP330: use `hub.stats()`. Removed in 2.0.0.
   */
  getStats(this: Manager) {
    return {
      user_id: this.userId,
      mode: this.mode,
      total_connections: this.connections.length,
      active_connections: this.connections.filter(isActive).length,
      delivered_offset: this.deliveredOffset,
    };
  },

  /** @deprecated WSDEP331: use `hub.stats()`. Removed in 2.0.0. */
  getConnectionStats(this: Manager) {
    return viewMethods.getStats.call(this);
  },

  /**
   * What legacy calls on this manager failed with.
   * @deprecated WSDEP332: use `hub.stats()`. Removed in 2.0.0.
   */
  getErrorStatistics(this: Manager) {
    const by_code = callErrors(this);
    return {
      user_id: this.userId,
      total_errors: Object.values(by_code).reduce((sum, count) => sum + count, 0),
      by_code,
    };
  },

  /**
   * Whether the user's stream can be read, and how the manager works.
   * @deprecated WSDEP333: use `hub.health()`. Removed in 2.0.0.
   */
  async getHealthStatus(this: Manager) {
    const reachable = await this.position().then(
      () => true,
      () => false,
    );
    const status = reachable ? ('healthy' as const) : ('unhealthy' as const);
    return { status, log_reachable: reachable, ...viewMethods.getStats.call(this) };
  },

  /**
   * Calls that were refused because they were for another user.
   * @deprecated WSDEP334: use `hub.stats()`. Removed in 2.0.0.
   */
  getContaminationStats(this: Manager) {
    const { ISOLATION_VIOLATION: refused = 0 } = callErrors(this);
    return { user_id: this.userId, refused_calls: refused, delivered_to_others: 0 };
  },
};

function isActive({ state }: WebSocketConnection): boolean {
  return state !== 'closing' && state !== 'closed';
}
