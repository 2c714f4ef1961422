import type { Hub, UserContext } from '@ws/core';
import type { HubStats } from '@ws/core/observe';
import { noteUse } from '../deprecated-use.ts';
import { legacyManager } from '../legacy-factories.ts';
import type { LegacyManager } from '../legacy-manager/legacy-manager.ts';
import { deprecationOf } from '../deprecations.ts';
import { deprecationMessage, MigrationError } from '../migration-error.ts';
import { forgetManagers, givenManagers } from './given-managers.ts';

/** What the registry holds. */
export interface RegistryStatus {
  /** Managers that legacy names gave out and somebody still holds. */
  readonly managers: number;
  readonly users: number;
  /** What the hub holds, where one was given. */
  readonly hub?: HubStats;
}

/** @deprecated WSDEP033: use the hub option `maxConnectionsPerUser`. Removed in 2.0.0. */
export const MAX_CONNECTIONS_PER_USER = 20;

/** @deprecated WSDEP035: use `createHub` of `@ws/core`. Removed in 2.0.0. */
export class WebSocketManagerRegistry {
  readonly #hub: Hub | undefined;

  constructor(hub?: Hub) {
    noteUse('WebSocketManagerRegistry', WebSocketManagerRegistry);
    this.#hub = hub;
  }

  getManager(userContext: UserContext): LegacyManager {
    return legacyManager(userContext, this.#hub);
  }

  getStatus(): RegistryStatus {
    return status(this.#hub);
  }
}

/** @deprecated WSDEP034: use `createHub` of `@ws/core`. Removed in 2.0.0. */
export const RegistryCompat: typeof WebSocketManagerRegistry = WebSocketManagerRegistry;
/** @deprecated WSDEP034: use `createHub` of `@ws/core`. Removed in 2.0.0. */
export type RegistryCompat = WebSocketManagerRegistry;

/** @deprecated WSDEP036: use `hub.stats()` of `@ws/core`. Removed in 2.0.0. */
export function getManagerRegistryStatus(hub?: Hub): RegistryStatus {
  noteUse('getManagerRegistryStatus', getManagerRegistryStatus);
  return status(hub);
}

/**
 * Whether the managers held for a user are as many as the threads they are for: one for the user, one per isolated thread.
 * @deprecated WSDEP037: use `hub.stats()` of `@ws/core`. Removed in 2.0.0.
 */
export function validateNoDuplicateManagersForUser(userId: string): boolean {
  noteUse('validateNoDuplicateManagersForUser', validateNoDuplicateManagersForUser);
  const threads = givenManagers()
    .filter((manager) => manager.userId === userId)
    .map((manager) => manager.isolatedThread);
  return new Set(threads).size === threads.length;
}

/**
 * Forgets the managers that were given out, in tests (`NODE_ENV=test`). A test with a hub of its own needs no reset.
 *
 * @throws a `MigrationError` anywhere else: a registry that is emptied under its users made second managers
 * @deprecated WSDEP038: use `createHub` of `@ws/core`. Removed in 2.0.0.
 */
export function resetManagerRegistry(): void {
  noteUse('resetManagerRegistry', resetManagerRegistry);
  if (globalThis.process?.env?.['NODE_ENV'] !== 'test') {
    const entry = deprecationOf('resetManagerRegistry');
    throw new MigrationError(`${deprecationMessage(entry, entry.name)} It works in tests only.`, entry.code);
  }
  forgetManagers();
}

function status(hub: Hub | undefined): RegistryStatus {
  const managers = givenManagers();
  return {
    managers: managers.length,
    users: new Set(managers.map(({ userId }) => userId)).size,
    ...(hub === undefined ? {} : { hub: hub.stats() }),
  };
}
