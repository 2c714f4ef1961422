import { getWebSocketManager, type Hub, type UserContext } from '@ws/core';
import { noteUse } from './deprecated-use.ts';
import { adaptManager } from './legacy-manager/adapt-manager.ts';
import type { LegacyManager } from './legacy-manager/legacy-manager.ts';
import { rememberManager } from './registry/given-managers.ts';

// Each calls the one factory, so the same user gets the same manager whichever name a module uses. It has the methods of the old
// one then. Without a user context each throws `USER_CONTEXT_REQUIRED`: a shared singleton crossed users.

/** @deprecated WSDEP007: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function get_websocket_manager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('get_websocket_manager', get_websocket_manager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP008: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export async function getWebSocketManagerAsync(userContext: UserContext, hub?: Hub): Promise<LegacyManager> {
  noteUse('getWebSocketManagerAsync', getWebSocketManagerAsync);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP009: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function createWebSocketManager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('createWebSocketManager', createWebSocketManager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP010: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function create_websocket_manager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('create_websocket_manager', create_websocket_manager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP011: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export async function createWebSocketManagerAsync(userContext: UserContext, hub?: Hub): Promise<LegacyManager> {
  noteUse('createWebSocketManagerAsync', createWebSocketManagerAsync);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP014: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function createWebSocketManagerSync(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('createWebSocketManagerSync', createWebSocketManagerSync);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP012: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getManager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('getManager', getManager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP015: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function createManager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('createManager', createManager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP013: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getUnifiedWebSocketManager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('getUnifiedWebSocketManager', getUnifiedWebSocketManager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP016: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function createManagerWithEnhancedCleanup(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('createManagerWithEnhancedCleanup', createManagerWithEnhancedCleanup);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP021: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getLegacyWebSocketManager(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('getLegacyWebSocketManager', getLegacyWebSocketManager);
  return legacyManager(userContext, hub);
}

/** @deprecated WSDEP022: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function migrateSingletonUsage(userContext: UserContext, hub?: Hub): LegacyManager {
  noteUse('migrateSingletonUsage', migrateSingletonUsage);
  return legacyManager(userContext, hub);
}

/** The manager of a user, with the old methods. Says nothing: whoever calls it has done so. */
export function legacyManager(userContext: UserContext, hub?: Hub): LegacyManager {
  const manager = adaptManager(getWebSocketManager(userContext, hub));
  rememberManager(manager);
  return manager;
}
