const MAX_VOLATILE_IDS = 4096;

/** Ids of volatile events whose numbered copy is awaited; beyond the limit the oldest is forgotten. */
export class VolatileIds {
  readonly #ids = new Set<string>();

  /** Remembers an id; `false` if it was known. */
  add(id: string): boolean {
    if (this.#ids.has(id)) return false;
    this.#ids.add(id);
    if (this.#ids.size > MAX_VOLATILE_IDS) {
      const [oldest] = this.#ids;
      if (oldest !== undefined) this.#ids.delete(oldest);
    }
    return true;
  }

  /** Forgets an id; `true` if it was known. */
  take(id: string): boolean {
    return this.#ids.delete(id);
  }

  clear(): void {
    this.#ids.clear();
  }
}
