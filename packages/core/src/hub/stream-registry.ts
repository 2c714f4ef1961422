import type { TimerWheel } from '../timer-wheel.ts';
import type { StreamKey } from '../stream-key.ts';
import type { UserStream } from '../stream/user-stream.ts';

/** The streams this process holds in memory. One that nobody needs is let go after a while, and made again from the log. */
export class StreamRegistry {
  readonly #make: (key: StreamKey) => UserStream;
  readonly #wheel: TimerWheel;
  readonly #idleMs: number;
  readonly #streams = new Map<StreamKey, UserStream>();
  /** Streams that will be looked at when their idle time is over. */
  readonly #watched = new Set<StreamKey>();

  constructor(make: (key: StreamKey) => UserStream, wheel: TimerWheel, idleMs: number) {
    this.#make = make;
    this.#wheel = wheel;
    this.#idleMs = idleMs;
  }

  get size(): number {
    return this.#streams.size;
  }

  get(key: StreamKey): UserStream {
    let stream = this.#streams.get(key);
    if (stream === undefined) {
      stream = this.#make(key);
      this.#streams.set(key, stream);
      this.idle(key);
    }
    return stream;
  }

  inMemory(key: StreamKey): UserStream | undefined {
    return this.#streams.get(key);
  }

  all(): IterableIterator<UserStream> {
    return this.#streams.values();
  }

  /** Looks at the stream after the idle time, and lets it go if nobody needs it then. */
  idle(key: StreamKey): void {
    if (this.#watched.has(key)) return;
    this.#watched.add(key);
    this.#wheel.after(this.#idleMs, () => {
      this.#watched.delete(key);
      const stream = this.#streams.get(key);
      if (stream === undefined || !stream.idle) return;
      this.#streams.delete(key);
      stream.dispose();
    });
  }

  clear(): void {
    for (const stream of this.#streams.values()) stream.dispose();
    this.#streams.clear();
    this.#watched.clear();
  }
}
