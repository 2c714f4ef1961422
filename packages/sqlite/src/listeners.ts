import type { LogEvent, LogListener, StreamKey } from '@ws/core/log';
import type { Epoch } from '@ws/types';

/** Who wants to be told of which stream's events. */
export class Listeners {
  readonly #byStream = new Map<StreamKey, Set<LogListener>>();

  add(key: StreamKey, listener: LogListener): () => void {
    const listeners = this.#byStream.get(key) ?? new Set();
    // A function of its own, so that the same listener can be added twice and taken away once.
    const entry: LogListener = (epoch, events) => listener(epoch, events);
    this.#byStream.set(key, listeners.add(entry));
    return () => {
      if (listeners.delete(entry) && listeners.size === 0 && this.#byStream.get(key) === listeners) {
        this.#byStream.delete(key);
      }
    };
  }

  get isEmpty(): boolean {
    return this.#byStream.size === 0;
  }

  has(key: StreamKey): boolean {
    return this.#byStream.has(key);
  }

  tell(key: StreamKey, epoch: Epoch, events: readonly LogEvent[]): void {
    for (const listener of [...(this.#byStream.get(key) ?? [])]) {
      try {
        listener(epoch, events);
      } catch (error) {
        // The events are in the log: a listener's fault is its own, not the append's and not the other listeners'.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    this.#byStream.clear();
  }
}
