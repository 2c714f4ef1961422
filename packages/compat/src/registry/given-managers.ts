import type { UnifiedWebSocketManager } from '@ws/core';

// Managers that legacy names gave out and somebody still holds. Nothing is kept alive by this.
const given = new Set<WeakRef<UnifiedWebSocketManager>>();
const known = new WeakSet<UnifiedWebSocketManager>();
const collected = new FinalizationRegistry<WeakRef<UnifiedWebSocketManager>>((reference) => given.delete(reference));

/** Notes that a legacy name gave out this manager. */
export function rememberManager(manager: UnifiedWebSocketManager): void {
  if (known.has(manager)) return;
  known.add(manager);
  const reference = new WeakRef(manager);
  given.add(reference);
  collected.register(manager, reference);
}

/** The managers that legacy names gave out and that are still held. */
export function givenManagers(): readonly UnifiedWebSocketManager[] {
  return [...given].flatMap((reference) => reference.deref() ?? []);
}

/** Forgets them; the managers themselves stay those of their users. */
export function forgetManagers(): void {
  for (const manager of givenManagers()) known.delete(manager);
  given.clear();
}
