import type { UnifiedWebSocketManager } from '@ws/core';
import { WebSocketError } from '@ws/types';

/**
 * Holds a legacy call to the user of its manager: once any manager could reach any user, and events crossed.
 *
 * @throws `ISOLATION_VIOLATION`, saying how to migrate
 */
export function assertOwnUser(manager: UnifiedWebSocketManager, userId: unknown, method: string): void {
  if (userId === undefined || userId === null || userId === manager.userId) return;
  const message =
    `${method}: this manager belongs to another user than the one the call is for. ` +
    'Get the manager of that user with getWebSocketManager({ userId }) and call manager.emit(event), which takes no user id';
  throw new WebSocketError('ISOLATION_VIOLATION', message, { details: { method } });
}
