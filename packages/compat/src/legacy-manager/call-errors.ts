import type { UnifiedWebSocketManager } from '@ws/core';
import { isWebSocketError } from '@ws/types';

// What legacy calls on a manager failed with: the answer of `getErrorStatistics`, which once had a store of its own.
const errors = new WeakMap<UnifiedWebSocketManager, Map<string, number>>();

/** How often legacy calls on this manager failed, by code. */
export function callErrors(manager: UnifiedWebSocketManager): Readonly<Record<string, number>> {
  return Object.fromEntries(errors.get(manager) ?? []);
}

/** Counts what a legacy call throws or rejects with, and passes it on. */
export function counted<Result>(manager: UnifiedWebSocketManager, call: () => Result): Result {
  try {
    const result = call();
    if (result instanceof Promise) result.catch((error: unknown) => count(manager, error));
    return result;
  } catch (error) {
    count(manager, error);
    throw error;
  }
}

function count(manager: UnifiedWebSocketManager, error: unknown): void {
  const code = isWebSocketError(error) ? error.code : 'INTERNAL';
  const known = errors.get(manager) ?? new Map<string, number>();
  errors.set(manager, known.set(code, (known.get(code) ?? 0) + 1));
}
