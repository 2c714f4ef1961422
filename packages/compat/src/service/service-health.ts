import { getWebSocketManager, type Hub } from '@ws/core';
import type { HubHealth } from '@ws/core/observe';
import { WebSocketManagerMode } from '@ws/types';
import { noteUse } from '../deprecated-use.ts';

/** Asked about in no other way: its stream is read, and never written to. */
const PROBE = { userId: 'ws-compat-health-probe' };

/** Whether the process takes connections and events: as its hub says, or, without one, as a manager of the default hub finds. */
export interface ComponentHealth {
  readonly healthy: boolean;
  readonly mode: WebSocketManagerMode;
  readonly log_reachable: boolean;
  /** All the hub knows, where one was given. */
  readonly hub?: HubHealth;
}

/**
 * Whether the hub is in a mode in which it takes connections. It can't ask the log at once: the async form does.
 * @deprecated WSDEP047: use `hub.health()` of `@ws/core`. Removed in 2.0.0.
 */
export function checkWebsocketServiceAvailable(hub?: Hub): boolean {
  noteUse('checkWebsocketServiceAvailable', checkWebsocketServiceAvailable);
  if (hub !== undefined) return hub.refusal === undefined;
  return isTaking(getWebSocketManager(PROBE).mode);
}

/** @deprecated WSDEP048: use `hub.health()` of `@ws/core`. Removed in 2.0.0. */
export async function checkWebsocketServiceAvailableAsync(hub?: Hub): Promise<boolean> {
  noteUse('checkWebsocketServiceAvailableAsync', checkWebsocketServiceAvailableAsync);
  return (await componentHealth(hub)).healthy;
}

/** @deprecated WSDEP049: use `hub.health()` of `@ws/core`. Removed in 2.0.0. */
export async function validateWebsocketComponentHealth(hub?: Hub): Promise<ComponentHealth> {
  noteUse('validateWebsocketComponentHealth', validateWebsocketComponentHealth);
  return componentHealth(hub);
}

async function componentHealth(hub: Hub | undefined): Promise<ComponentHealth> {
  if (hub !== undefined) {
    const health = await hub.health();
    return { healthy: health.ready, mode: health.mode, log_reachable: health.log.reachable, hub: health };
  }
  const manager = getWebSocketManager(PROBE);
  const reachable = await manager.history({ limit: 1 }).then(
    () => true,
    () => false,
  );
  return { healthy: reachable && isTaking(manager.mode), mode: manager.mode, log_reachable: reachable };
}

function isTaking(mode: WebSocketManagerMode): boolean {
  return mode === WebSocketManagerMode.UNIFIED || mode === WebSocketManagerMode.ISOLATED;
}
