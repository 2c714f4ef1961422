import type { UnifiedWebSocketManager } from '../manager.ts';
import type { StreamKey } from '../stream-key.ts';

/**
 * One manager per stream for as long as anybody holds it: the same user gets the same instance. Managers are small and made
 * again at will, so the registry does not keep them alive: a million users that came and went leave nothing behind.
 */
export class ManagerRegistry {
  readonly #managers = new Map<StreamKey, WeakRef<UnifiedWebSocketManager>>();
  readonly #collected = new FinalizationRegistry<StreamKey>((key) => {
    if (this.#managers.get(key)?.deref() === undefined) this.#managers.delete(key);
  });

  get(key: StreamKey, make: () => UnifiedWebSocketManager): UnifiedWebSocketManager {
    const known = this.#managers.get(key)?.deref();
    if (known !== undefined) return known;
    const manager = make();
    this.#managers.set(key, new WeakRef(manager));
    this.#collected.register(manager, key);
    return manager;
  }
}
