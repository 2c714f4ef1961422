import type { Hub, UserContext } from '@ws/core';
import { WebSocketError } from '@ws/types';
import { noteUse } from './deprecated-use.ts';
import { legacyManager } from './legacy-factories.ts';
import type { LegacyManager } from './legacy-manager/legacy-manager.ts';

/** Settings of a factory. */
export interface LegacyFactoryOptions {
  /** Managers that one user may hold at a time: their own, and one for each isolated thread. @default 20 */
  readonly maxManagersPerUser?: number;
  /** Default: that of the process. */
  readonly hub?: Hub;
}

const DEFAULT_MAX_MANAGERS = 20;

/** @deprecated WSDEP018: use `createHub` and `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export class WebSocketManagerFactory {
  readonly #maxManagersPerUser: number;
  readonly #hub: Hub | undefined;
  readonly #made = new Map<string, WeakRef<LegacyManager>[]>();

  constructor({ maxManagersPerUser = DEFAULT_MAX_MANAGERS, hub }: LegacyFactoryOptions = {}) {
    noteUse('WebSocketManagerFactory', WebSocketManagerFactory);
    if (!Number.isSafeInteger(maxManagersPerUser) || maxManagersPerUser < 1) {
      throw new WebSocketError('INVALID_OPTION', `maxManagersPerUser must be a whole number of at least 1`);
    }
    this.#maxManagersPerUser = maxManagersPerUser;
    this.#hub = hub;
  }

  /**
   * The manager of a user: the same one for the same user, and for the same thread where the context is isolated.
   *
   * @throws `TOO_MANY_CONNECTIONS` for one more than `maxManagersPerUser`, and what `getWebSocketManager` throws
   */
  createManager(userContext: UserContext): LegacyManager {
    const manager = legacyManager(userContext, this.#hub);
    const held = (this.#made.get(manager.userId) ?? []).filter((made) => made.deref() !== undefined);
    if (held.some((made) => made.deref() === manager)) return manager;
    if (held.length >= this.#maxManagersPerUser) {
      const message = `a user may hold ${this.#maxManagersPerUser} managers of this factory (maxManagersPerUser)`;
      throw new WebSocketError('TOO_MANY_CONNECTIONS', message);
    }
    this.#made.set(manager.userId, [...held, new WeakRef(manager)]);
    return manager;
  }

  /** The same, in the original spelling. */
  create_manager(userContext: UserContext): LegacyManager {
    return this.createManager(userContext);
  }
}

/** @deprecated WSDEP019: use `createHub` and `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export const EnhancedWSFactory: typeof WebSocketManagerFactory = WebSocketManagerFactory;
/** @deprecated WSDEP019: use `createHub` and `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type EnhancedWSFactory = WebSocketManagerFactory;

let processFactory: WebSocketManagerFactory | undefined;

/** @deprecated WSDEP017: use `createHub` and `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getWebSocketManagerFactory(options?: LegacyFactoryOptions): WebSocketManagerFactory {
  noteUse('getWebSocketManagerFactory', getWebSocketManagerFactory);
  return factory(options);
}

/** @deprecated WSDEP020: use `createHub` and `getWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getEnhancedWebsocketFactory(options?: LegacyFactoryOptions): WebSocketManagerFactory {
  noteUse('getEnhancedWebsocketFactory', getEnhancedWebsocketFactory);
  return factory(options);
}

/** One for the process; one of its own for whoever has settings. */
function factory(options: LegacyFactoryOptions | undefined): WebSocketManagerFactory {
  if (options !== undefined) return new WebSocketManagerFactory(options);
  return (processFactory ??= new WebSocketManagerFactory());
}
