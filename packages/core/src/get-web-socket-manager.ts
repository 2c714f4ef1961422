import { defaultHub } from './default-hub.ts';
import type { Hub } from './hub/hub.ts';
import type { UnifiedWebSocketManager } from './manager.ts';
import type { TypedManager } from './hub/typed-hub.ts';
import type { UserContext } from './user-context.ts';

/**
 * The manager factory: the canonical way to get a user's manager. The same user gets the same instance, another user another
 * one, and nothing leads from one to the other.
 *
 * @param userContext - the authenticated user; mode `isolated` binds the manager to one thread
 * @param hub - the hub to use; default: the one of {@link setDefaultHub}, else that of the one server in this process, else one in memory
 * @throws `USER_CONTEXT_REQUIRED`, `INVALID_USER_ID`, `INVALID_ID`, `INVALID_OPTION`
 * @example
 * ```ts
 * const manager = getWebSocketManager({ userId: 'u1' });
 * await using run = await manager.startRun({ agentName: 'analyst' });
 * ```
 */
export function getWebSocketManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager;
/**
 * The same manager, which takes and gives the events of `Events` beside those of the protocol.
 *
 * @example
 * ```ts
 * const manager = getWebSocketManager<{ invoice_ready: { cents: number } }>({ userId: 'u1' });
 * await manager.emit({ type: 'invoice_ready', payload: { cents: 500 } });
 * ```
 */
export function getWebSocketManager<Events extends object>(userContext: UserContext, hub?: Hub): TypedManager<Events>;
// The events are types alone: both signatures take the same values.
export function getWebSocketManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  return (hub ?? defaultHub()).manager(userContext);
}
