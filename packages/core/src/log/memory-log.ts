import { WebSocketError, type Epoch, type EventId, type Offset, type StreamPosition } from '@ws/types';
import { systemIds, type IdSource } from '../random.ts';
import type { StreamKey } from '../stream-key.ts';
import type { DurabilityProfile } from './durability-profile.ts';
import type {
  AppendResult,
  EventLog,
  LogEvent,
  LogListener,
  LogPage,
  NewLogEvent,
  RetentionPolicy,
  RunLeases,
  StreamHead,
} from './event-log.ts';
import { MemoryLeases } from './memory-leases.ts';
import { MemoryStream } from './memory-stream.ts';
import { withinBytes } from './page-bytes.ts';

/**
 * The event log in the memory of this process: for tests, for development, and for products that need no history past a
 * restart. Answers at once. A restart makes a new epoch, so that clients are told `reset` rather than shown a gap.
 *
 * @example
 * ```ts
 * const hub = createHub({ log: new MemoryEventLog() });
 * ```
 */
export class MemoryEventLog implements EventLog {
  readonly name = 'memory';
  readonly durability = 'an accepted event lives as long as this process';
  readonly durabilityProfile: DurabilityProfile = { settings: {}, survives: { killedProcess: 'no', powerCut: 'no' } };
  readonly leases: RunLeases = new MemoryLeases();
  readonly #epoch: Epoch;
  readonly #streams = new Map<StreamKey, MemoryStream>();
  readonly #listeners = new Map<StreamKey, readonly LogListener[]>();
  #closed = false;

  constructor(options: { ids?: IdSource } = {}) {
    this.#epoch = (options.ids ?? systemIds).next();
  }

  append(key: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): AppendResult {
    this.#assertOpen();
    const stream = this.#streams.get(key) ?? this.#make(key);
    if (ifHead !== undefined && !this.#isHead(stream, ifHead)) return { kind: 'conflict', head: this.head(key) };
    const { head } = stream;
    const appended = events.map((event) => stream.append(event));
    if (stream.head > head) this.#tell(key, stream.after(head, events.length));
    return { kind: 'appended', epoch: this.#epoch, events: appended };
  }

  appendNow(key: StreamKey, event: NewLogEvent, ifHead: StreamPosition): Offset | undefined {
    this.#assertOpen();
    const stream = this.#streams.get(key) ?? this.#make(key);
    if (!this.#isHead(stream, ifHead)) return undefined;
    const logged = stream.push(event);
    this.#tell(key, [logged]);
    return logged.offset;
  }

  lookup(key: StreamKey, eventIds: readonly EventId[]): readonly (Offset | undefined)[] {
    this.#assertOpen();
    const stream = this.#streams.get(key);
    return eventIds.map((id) => stream?.offsetOf(id));
  }

  read(key: StreamKey, after: Offset, limit: number): LogPage {
    this.#assertOpen();
    return { epoch: this.#epoch, events: withinBytes(this.#streams.get(key)?.after(after, limit) ?? []) };
  }

  head(key: StreamKey): StreamHead {
    this.#assertOpen();
    const stream = this.#streams.get(key);
    if (stream === undefined) return { epoch: this.#epoch, oldest: 1, head: 0 };
    const { oldest, head, checkpoint } = stream;
    return { epoch: this.#epoch, oldest, head, ...(checkpoint === undefined ? {} : { checkpoint }) };
  }

  trimmable(key: StreamKey, policy: RetentionPolicy, now: number): Offset {
    this.#assertOpen();
    return this.#streams.get(key)?.trimmable(policy, now) ?? 0;
  }

  trim(key: StreamKey, upTo: Offset, checkpoint: string): void {
    this.#assertOpen();
    this.#streams.get(key)?.trim(upTo, checkpoint);
  }

  aged(before: number, limit: number): readonly StreamKey[] {
    this.#assertOpen();
    const keys: StreamKey[] = [];
    for (const [key, { oldestAt }] of this.#streams) {
      if (keys.length === limit) break;
      if (oldestAt !== undefined && oldestAt <= before) keys.push(key);
    }
    return keys;
  }

  subscribe(key: StreamKey, listener: LogListener): () => void {
    this.#assertOpen();
    this.#listeners.set(key, [...(this.#listeners.get(key) ?? []), listener]);
    return () => {
      const left = (this.#listeners.get(key) ?? []).filter((other) => other !== listener);
      if (left.length > 0) this.#listeners.set(key, left);
      else this.#listeners.delete(key);
    };
  }

  healthy(): boolean {
    return !this.#closed;
  }

  close(): void {
    this.#closed = true;
    this.#streams.clear();
    this.#listeners.clear();
  }

  #make(key: StreamKey): MemoryStream {
    const stream = new MemoryStream();
    this.#streams.set(key, stream);
    return stream;
  }

  #isHead({ head }: MemoryStream, { epoch, offset }: StreamPosition): boolean {
    return epoch === this.#epoch && offset === head;
  }

  #tell(key: StreamKey, events: readonly LogEvent[]): void {
    const listeners = this.#listeners.get(key);
    if (listeners === undefined) return;
    for (const listener of listeners) listener(this.#epoch, events);
  }

  #assertOpen(): void {
    if (this.#closed) throw new WebSocketError('LOG_CLOSED', 'the memory log was closed');
  }
}
