import type { Epoch, EventId, Offset, StreamPosition } from '@ws/types';
import type {
  AppendResult,
  EventLog,
  LogListener,
  LogPage,
  NewLogEvent,
  RunLeases,
  StreamHead,
} from '../../src/log/event-log.ts';
import { MemoryLeases } from '../../src/log/memory-leases.ts';
import type { StreamKey } from '../../src/stream-key.ts';

/**
 * A log that numbers events and keeps none: all that grows is what the hub itself holds. It knows where a stream ends for as
 * long as somebody follows it, and answers truthfully that nothing before is kept. Not for users who come back.
 */
export class ForgetfulLog implements EventLog {
  readonly name = 'forgetful';
  readonly durability = 'none: events are numbered and thrown away';
  readonly leases: RunLeases;
  readonly #leases = new MemoryLeases();
  readonly #epoch: Epoch = 'forgetful';
  readonly #followed = new Map<StreamKey, { head: Offset; readonly listeners: Set<LogListener> }>();

  constructor() {
    this.leases = this.#leases;
  }

  /** Streams that somebody follows. */
  get followed(): number {
    return this.#followed.size;
  }

  /** Leases that nobody gave back. */
  get openLeases(): number {
    return this.#leases.expired(Infinity, Infinity).length;
  }

  append(key: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): AppendResult {
    const stream = this.#followed.get(key);
    if (stream === undefined) throw new Error(`nobody follows ${key}: its numbers are not known`);
    if (ifHead !== undefined && ifHead.offset !== stream.head) return { kind: 'conflict', head: this.head(key) };
    const first = stream.head + 1;
    stream.head += events.length;
    const logged = events.map((event, index) => ({ ...event, offset: first + index }));
    for (const listener of stream.listeners) listener(this.#epoch, logged);
    return {
      kind: 'appended',
      epoch: this.#epoch,
      events: logged.map(({ offset }) => ({ offset, duplicate: false })),
    };
  }

  lookup(_key: StreamKey, eventIds: readonly EventId[]): readonly undefined[] {
    return eventIds.map(() => undefined);
  }

  read(): LogPage {
    return { epoch: this.#epoch, events: [] };
  }

  head(key: StreamKey): StreamHead {
    const head = this.#followed.get(key)?.head ?? 0;
    return { epoch: this.#epoch, oldest: head + 1, head };
  }

  trimmable(): Offset {
    return 0;
  }

  trim(): void {
    // Everything is gone already.
  }

  subscribe(key: StreamKey, listener: LogListener): () => void {
    const stream = this.#followed.get(key) ?? { head: 0, listeners: new Set() };
    this.#followed.set(key, stream);
    stream.listeners.add(listener);
    return () => {
      if (stream.listeners.delete(listener) && stream.listeners.size === 0) this.#followed.delete(key);
    };
  }

  healthy(): boolean {
    return true;
  }

  close(): void {
    this.#followed.clear();
  }
}
