import { within } from './within.ts';

/** Waits for conditions, which are looked at again whenever something has happened. */
export class Happenings {
  readonly #watchers = new Set<() => void>();

  /** Something happened: whoever waits looks again. */
  happened(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  /** Waits until the condition holds; after `ms` it rejects, saying `what` did not happen. */
  async until(condition: () => boolean, what: () => string, ms: number): Promise<void> {
    if (condition()) return;
    let watcher: (() => void) | undefined;
    const met = new Promise<void>((resolve) => {
      watcher = () => {
        if (condition()) resolve();
      };
      this.#watchers.add(watcher);
    });
    try {
      await within(ms, what, met);
    } finally {
      if (watcher !== undefined) this.#watchers.delete(watcher);
    }
  }
}
