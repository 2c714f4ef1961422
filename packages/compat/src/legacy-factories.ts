import { getWebSocketManager, type Hub, type UnifiedWebSocketManager, type UserContext } from '@ws/core';
import { noteUse } from './deprecated-use.ts';

// Each calls the one factory, so the same user gets the same manager whichever name a module uses.

/** @deprecated WSDEP007: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function get_websocket_manager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  noteUse('get_websocket_manager', get_websocket_manager);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP008: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export async function getWebSocketManagerAsync(userContext: UserContext, hub?: Hub): Promise<UnifiedWebSocketManager> {
  noteUse('getWebSocketManagerAsync', getWebSocketManagerAsync);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP009: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function createWebSocketManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  noteUse('createWebSocketManager', createWebSocketManager);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP010: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function create_websocket_manager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  noteUse('create_websocket_manager', create_websocket_manager);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP011: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export async function createWebSocketManagerAsync(
  userContext: UserContext,
  hub?: Hub,
): Promise<UnifiedWebSocketManager> {
  noteUse('createWebSocketManagerAsync', createWebSocketManagerAsync);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP012: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  noteUse('getManager', getManager);
  return getWebSocketManager(userContext, hub);
}

/** @deprecated WSDEP013: use `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getUnifiedWebSocketManager(userContext: UserContext, hub?: Hub): UnifiedWebSocketManager {
  noteUse('getUnifiedWebSocketManager', getUnifiedWebSocketManager);
  return getWebSocketManager(userContext, hub);
}
