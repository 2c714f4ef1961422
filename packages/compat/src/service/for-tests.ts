import { createHub, type UserContext } from '@ws/core';
import { noteUse } from '../deprecated-use.ts';
import { legacyManager } from '../legacy-factories.ts';
import type { LegacyManager } from '../legacy-manager/legacy-manager.ts';

/** @deprecated WSDEP050: use `createHub` with the fakes of `@ws/core/testing`. Removed in 2.0.0. */
export function createTestUserContext(userId?: string): UserContext {
  noteUse('createTestUserContext', createTestUserContext);
  return testUser(userId);
}

/**
 * A real manager, on a hub in memory that nobody else has: not a mock that looks like one.
 * @deprecated WSDEP051: use `createHub` with the fakes of `@ws/core/testing`. Removed in 2.0.0.
 */
export function createTestFallbackManager(userContext?: UserContext): LegacyManager {
  noteUse('createTestFallbackManager', createTestFallbackManager);
  return legacyManager(userContext ?? testUser(), createHub());
}

function testUser(userId = `test-user-${globalThis.crypto.randomUUID()}`): UserContext {
  return { userId };
}
