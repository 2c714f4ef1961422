import type { Unsubscribe } from './client.ts';

/** Functions to call by name. One that throws (or whose promise rejects) is reported and stops no other. */
export class Listeners<Arguments extends { readonly [Name in keyof Arguments]: readonly unknown[] }> {
  readonly #byName = new Map<keyof Arguments, Set<{ readonly call: (...args: never[]) => unknown }>>();
  readonly #failed: (name: keyof Arguments, cause: unknown) => void;

  constructor(failed: (name: keyof Arguments, cause: unknown) => void) {
    this.#failed = failed;
  }

  add<Name extends keyof Arguments>(name: Name, call: (...args: Arguments[Name]) => unknown): Unsubscribe {
    const set = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, set);
    // An entry of its own, so that a function that was added twice is called twice and removed once.
    const entry = { call };
    set.add(entry);
    return () => {
      set.delete(entry);
      if (set.size === 0 && this.#byName.get(name) === set) this.#byName.delete(name);
    };
  }

  /** Calls the listeners of `name` as they are now; answers whether there was one. */
  emit<Name extends keyof Arguments>(name: Name, ...args: Arguments[Name]): boolean {
    const set = this.#byName.get(name);
    if (set === undefined) return false;
    for (const { call } of [...set]) {
      try {
        const result = (call as (...args: Arguments[Name]) => unknown)(...args);
        if (result instanceof Promise) result.catch((cause: unknown) => this.#failed(name, cause));
      } catch (cause) {
        this.#failed(name, cause);
      }
    }
    return true;
  }
}
