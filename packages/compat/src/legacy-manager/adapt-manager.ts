import { UnifiedWebSocketManager } from '@ws/core';
import type { LegacyName } from '../deprecations.ts';
import { bothSpellings } from '../legacy-spellings.ts';
import { counted } from './call-errors.ts';
import type { LegacyManager } from './legacy-manager.ts';
import { legacyMethods } from './legacy-methods.ts';

type Method = (this: UnifiedWebSocketManager, ...args: unknown[]) => unknown;

/**
 * What adapted managers inherit from: the old methods above the prototype of the canonical class. Adapting puts it between a
 * manager and its class. So the manager stays the same object (`===` for old and new code, private fields and all), `instanceof`
 * holds, the class and managers that nobody adapted have no method more, and a manager carries no functions of its own.
 * A wrapper object would be a second manager of the same user; methods on each instance, a hundred properties per user.
 */
const LEGACY_PROTOTYPE: object = Object.create(UnifiedWebSocketManager.prototype) as object;
for (const [name, method] of Object.entries(legacyMethods)) {
  // The keys are those of the table, and each method takes what its caller gives it.
  const run = (manager: UnifiedWebSocketManager, args: unknown[]): unknown =>
    counted(manager, () => (method as Method).apply(manager, args));
  Object.defineProperties(LEGACY_PROTOTYPE, bothSpellings(name as LegacyName, run));
}

/** Gives a manager the methods of the old one, and returns it. Adapting it again is fine. */
export function adaptManager(manager: UnifiedWebSocketManager): LegacyManager {
  if (Object.getPrototypeOf(manager) === UnifiedWebSocketManager.prototype) {
    Object.setPrototypeOf(manager, LEGACY_PROTOTYPE);
  }
  return manager as LegacyManager;
}
