import { WebSocketError } from '@ws/types';
import { createHub, type Hub } from './hub/hub.ts';
import type { UnifiedWebSocketManager } from './manager.ts';
import type { UserContext } from './user-context.ts';

let defaultHub: Hub | undefined;

/**
 * Makes `hub` the one that {@link getWebSocketManager} uses when it is given none. Call it once, at start.
 *
 * @throws `INVALID_OPTION` if a default hub is in use already: managers of two hubs for one user would not know each other
 */
export function setDefaultHub(hub: Hub): void {
  if (defaultHub !== undefined && defaultHub !== hub) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'the default hub is in use already: set it once, before the first manager',
    );
  }
  defaultHub = hub;
}

/**
 * The manager factory: the canonical way to get a user's manager. The same user gets the same instance, another user another
 * one, and nothing leads from one to the other.
 *
 * @param userContext - the authenticated user; mode `isolated` binds the manager to one thread
 * @param hub - the hub to use; default: one for the process, in memory unless {@link setDefaultHub} gave another
 * @throws `USER_CONTEXT_REQUIRED`, `INVALID_USER_ID`, `INVALID_ID`, `INVALID_OPTION`
 * @example
 * ```ts
 * const manager = getWebSocketManager({ userId: 'u1' });
 * await using run = await manager.startRun({ agentName: 'analyst' });
 * ```
 */
export function getWebSocketManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  return (hub ?? (defaultHub ??= createHub())).manager(userContext);
}
