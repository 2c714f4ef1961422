import type { Hub, UnifiedWebSocketManager, UserContext } from '@ws/core';
import { noteUse } from '../deprecated-use.ts';
import { legacyManager } from '../legacy-factories.ts';
import type { LegacyEmitterContext } from './emitter-run.ts';
import { UnifiedWebSocketEmitter } from './unified-websocket-emitter.ts';

export type EmitterUser = string | LegacyEmitterContext;

/** @deprecated WSDEP027: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export class WebSocketEmitterFactory {
  static createEmitter(
    this: void,
    manager: UnifiedWebSocketManager,
    user?: EmitterUser,
    context?: LegacyEmitterContext,
  ): UnifiedWebSocketEmitter {
    noteUse('WebSocketEmitterFactory', WebSocketEmitterFactory.createEmitter);
    return new UnifiedWebSocketEmitter(manager, user, context);
  }

  /** The same, in the original spelling. */
  static create_emitter(
    this: void,
    manager: UnifiedWebSocketManager,
    user?: EmitterUser,
    context?: LegacyEmitterContext,
  ): UnifiedWebSocketEmitter {
    noteUse('WebSocketEmitterFactory', WebSocketEmitterFactory.create_emitter);
    return new UnifiedWebSocketEmitter(manager, user, context);
  }
}

/**
 * An emitter costs nothing to make: a pool has nothing to keep, and so nothing to leak from one user to the next.
 * @deprecated WSDEP028: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0.
 */
export class WebSocketEmitterPool {
  readonly #hub: Hub | undefined;

  constructor(hub?: Hub) {
    noteUse('WebSocketEmitterPool', WebSocketEmitterPool);
    this.#hub = hub;
  }

  async acquire(userContext: UserContext, context?: LegacyEmitterContext): Promise<UnifiedWebSocketEmitter> {
    return new UnifiedWebSocketEmitter(legacyManager(userContext, this.#hub), context);
  }

  async release(_emitter: UnifiedWebSocketEmitter): Promise<void> {}
}

let pool: WebSocketEmitterPool | undefined;

/** @deprecated WSDEP031: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export function getEmitterPool(hub?: Hub): WebSocketEmitterPool {
  noteUse('getEmitterPool', getEmitterPool);
  return hub === undefined ? (pool ??= new WebSocketEmitterPool()) : new WebSocketEmitterPool(hub);
}

/** @deprecated WSDEP029: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export function createWebsocketEmitter(
  manager: UnifiedWebSocketManager,
  user?: EmitterUser,
  context?: LegacyEmitterContext,
): UnifiedWebSocketEmitter {
  noteUse('createWebsocketEmitter', createWebsocketEmitter);
  return new UnifiedWebSocketEmitter(manager, user, context);
}

/** @deprecated WSDEP030: use `manager.startRun()` of `@ws/core`. Removed in 2.0.0. */
export function createIsolatedEmitter(
  userContext: UserContext,
  context?: LegacyEmitterContext,
  hub?: Hub,
): UnifiedWebSocketEmitter {
  noteUse('createIsolatedEmitter', createIsolatedEmitter);
  return new UnifiedWebSocketEmitter(legacyManager(userContext, hub), context);
}
