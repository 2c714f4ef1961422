import type { RetentionPolicy } from '@ws/core';
import {
  type AppendResult,
  type IdSource,
  type LogEvent,
  type LogPage,
  MAX_PAGE_BYTES,
  type NewLogEvent,
  type StreamHead,
  type StreamKey,
  withinBytes,
} from '@ws/core/log';
import type { Epoch, EventId, Offset, StreamPosition } from '@ws/types';
import { numberEvents, planAppend } from './append-plan.ts';
import type { EventStore } from './event-store.ts';
import { lastOffsetOf, OFFSETS_PER_MESSAGE, sequenceAfter } from './offsets.ts';
import type { RawMessage } from './raw-message.ts';
import { Serial } from './serial.ts';
import type { StorageEpoch } from './storage-epoch.ts';
import type { StoredMessage, StreamIndex } from './stream-index.ts';
import { StreamIndexes } from './stream-indexes.ts';
import type { TrimRecord } from './trim-record.ts';
import type { TrimRecords } from './trim-records.ts';

export interface StreamStoreOptions {
  readonly events: EventStore;
  readonly trims: TrimRecords;
  readonly epoch: StorageEpoch;
  readonly maxIndexedEvents: number;
  readonly ids: IdSource;
}

/** A stream as the server has it now. */
interface StreamView {
  readonly epoch: Epoch;
  readonly record: TrimRecord;
  readonly last: RawMessage | undefined;
  /** Sequence of the newest message on the subject, 0 for none. */
  readonly end: number;
}

/** The same, with an index that knows of every event. */
interface IndexedView extends StreamView {
  readonly index: StreamIndex;
}

/** An append, and the events that were written by it, numbered. */
export interface AppendOutcome {
  readonly result: AppendResult;
  readonly written: readonly LogEvent[];
}

/**
 * The streams of users, in the terms of the port. What a process knows of a stream (its index) may be behind: an append is
 * written on the condition that it is not, and whatever else depends on it asks the server first.
 */
export class StreamStore {
  readonly #events: EventStore;
  readonly #trims: TrimRecords;
  readonly #epoch: StorageEpoch;
  readonly #ids: IdSource;
  readonly #indexes: StreamIndexes;
  /** Generations of streams, as far as they are known. */
  readonly #generations = new Map<StreamKey, string>();
  readonly #writes = new Serial<StreamKey>();
  readonly #purges = new Serial<StreamKey>();

  constructor({ events, trims, epoch, maxIndexedEvents, ids }: StreamStoreOptions) {
    this.#events = events;
    this.#trims = trims;
    this.#epoch = epoch;
    this.#ids = ids;
    this.#indexes = new StreamIndexes(maxIndexedEvents);
  }

  /** The epoch of a stream, as far as this process knows. */
  epochOf(stream: StreamKey): Epoch {
    return this.#named(this.#generations.get(stream) ?? '');
  }

  /** The streams may be others than before: what is known of them does not hold. */
  forgetAll(): void {
    this.#indexes.clear();
    this.#generations.clear();
  }

  /** A message of the stream came by: what is known of the stream grows by it. */
  heard(stream: StreamKey, message: StoredMessage): void {
    this.#epoch.saw(message.sequence);
    this.#indexes.get(stream)?.follow(message);
  }

  append(stream: StreamKey, events: readonly NewLogEvent[], ifHead?: StreamPosition): Promise<AppendOutcome> {
    return this.#writes.run(stream, async () => {
      const index = this.#indexes.get(stream);
      const known = index?.last === undefined ? undefined : await this.#tryAppend(stream, index, events, ifHead);
      for (let outcome = known; ;) {
        if (outcome !== undefined) return outcome;
        const view = await this.#catchUp(stream);
        const { epoch } = view;
        if (ifHead !== undefined && (ifHead.epoch !== epoch || ifHead.offset !== view.index.head)) {
          return { result: { kind: 'conflict', head: headOf(view) }, written: [] };
        }
        outcome = await this.#write(stream, view.index, events, epoch);
      }
    });
  }

  async lookup(stream: StreamKey, eventIds: readonly EventId[]): Promise<readonly (Offset | undefined)[]> {
    const { index } = await this.#catchUp(stream);
    return eventIds.map((id) => index.offsetOf(id));
  }

  async read(stream: StreamKey, after: Offset, limit: number): Promise<LogPage> {
    const { epoch, record, last } = await this.#view(stream);
    const events: LogEvent[] = [];
    const from = Math.max(after, record.trimmed);
    if (last === undefined || lastOffsetOf(last.sequence) <= from || limit <= 0) return { epoch, events };
    const isFromStart = from === record.trimmed;
    const index = this.#indexes.get(stream) ?? (isFromStart ? this.#indexes.make(stream, from) : undefined);
    let bytes = 0;
    // A position within a message says nothing of what came before that.
    const isWhole = from % OFFSETS_PER_MESSAGE === 0;
    const range = { from: sequenceAfter(from), after: isWhole ? from : undefined, last };
    await this.#events.read(stream, range, (message) => {
      index?.follow(message);
      for (const event of message.events) {
        if (event.offset <= from || events.length === limit) continue;
        events.push(event);
        bytes += Buffer.byteLength(event.data);
      }
      return events.length < limit && bytes < MAX_PAGE_BYTES;
    });
    return { epoch, events: withinBytes(events) };
  }

  async head(stream: StreamKey): Promise<StreamHead> {
    return headOf(await this.#view(stream));
  }

  /** Where the stream ends. */
  async position(stream: StreamKey): Promise<StreamPosition> {
    if (this.#generations.has(stream)) {
      const epoch = this.epochOf(stream);
      const last = await this.#events.last(stream);
      if (last !== undefined) return { epoch, offset: lastOffsetOf(last.message.sequence) };
    }
    const { epoch, head } = await this.head(stream);
    return { epoch, offset: head };
  }

  /** Streams whose oldest event is from `before` or earlier. */
  async aged(before: number, limit: number): Promise<readonly StreamKey[]> {
    if (limit <= 0) return [];
    const found = await this.#events.aged(before, limit);
    const kept = await Promise.all(
      [...found].map(async ([stream, sequence]) => {
        // What was let go may lie there still.
        const { trimmed } = await this.#trims.read(stream);
        return trimmed < lastOffsetOf(sequence) ? stream : undefined;
      }),
    );
    return kept.filter((stream) => stream !== undefined);
  }

  async trimmable(stream: StreamKey, policy: RetentionPolicy, now: number): Promise<Offset> {
    const { index } = await this.#catchUp(stream);
    return index.trimmable(policy, now);
  }

  /** Lets go in one step: the record says so. Messages are deleted after that. */
  trim(stream: StreamKey, upTo: Offset, checkpoint: string): Promise<void> {
    return this.#writes.run(stream, async () => {
      for (;;) {
        const { index, record, end } = await this.#catchUp(stream);
        const trimmed = index.floor(upTo);
        if (trimmed <= record.trimmed) return;
        if (!(await this.#trims.write(stream, record, { ...record, trimmed, checkpoint }))) continue;
        index.trim(trimmed);
        this.#purge(stream, index, end);
        return;
      }
    });
  }

  /** Begins a new epoch of one stream, if it is in the same one still and ends before a position that was told of. */
  async renewEpoch(stream: StreamKey, known: StreamPosition): Promise<void> {
    for (;;) {
      const view = await this.#view(stream);
      const { head, epoch } = headOf(view);
      if (epoch !== known.epoch || head >= known.offset) return;
      const isKept = view.record.trimmed <= lastOffsetOf(view.last?.sequence ?? 0);
      const { trimmed, checkpoint } = isKept ? view.record : { trimmed: 0, checkpoint: undefined };
      const renewed = { trimmed, checkpoint, generation: this.#ids.next() };
      if (!(await this.#trims.write(stream, view.record, renewed))) continue;
      this.#indexes.make(stream, trimmed);
      this.#generations.set(stream, renewed.generation);
      return;
    }
  }

  /** Nobody listens to the stream any more. */
  forget(stream: StreamKey): void {
    this.#generations.delete(stream);
  }

  /** Writes by what this process knows; `undefined` where it may be behind. */
  async #tryAppend(
    stream: StreamKey,
    index: StreamIndex,
    events: readonly NewLogEvent[],
    ifHead: StreamPosition | undefined,
  ): Promise<AppendOutcome | undefined> {
    const epoch = this.epochOf(stream);
    if (ifHead !== undefined && (ifHead.epoch !== epoch || ifHead.offset !== index.head)) return undefined;
    // An event that is known may have been let go since, by another process.
    if (planAppend(events, index).hasKnown) return undefined;
    return this.#write(stream, index, events, epoch);
  }

  async #write(
    stream: StreamKey,
    index: StreamIndex,
    events: readonly NewLogEvent[],
    epoch: Epoch,
  ): Promise<AppendOutcome | undefined> {
    const plan = planAppend(events, index);
    const { end: previous, head: before } = index;
    if (plan.written.length === 0) return { result: { kind: 'appended', epoch, events: plan.outcome(0) }, written: [] };
    const sequence = await this.#events.append(stream, plan.written, { previous, before });
    if (sequence === undefined) return undefined;
    const written = numberEvents(plan.written, sequence, before);
    this.#epoch.saw(sequence);
    index.follow({ sequence, previous, before, events: written });
    return { result: { kind: 'appended', epoch, events: plan.outcome(sequence) }, written };
  }

  /** Brings the index of a stream up to what the server has. */
  async #catchUp(stream: StreamKey): Promise<IndexedView> {
    const known = this.#indexes.get(stream)?.head ?? 0;
    const view = await this.#view(stream);
    const { record, last, epoch } = view;
    if (headOf(view).head < known) {
      await this.renewEpoch(stream, { epoch, offset: known });
      return this.#catchUp(stream);
    }
    const index = this.#indexes.get(stream) ?? this.#indexes.make(stream, record.trimmed);
    index.trim(record.trimmed);
    if (last === undefined) index.emptied();
    else {
      const from = index.last === undefined ? sequenceAfter(record.trimmed) : index.last + 1;
      await this.#events.read(stream, { from, after: index.head, last }, (message) => {
        index.add(message);
        return true;
      });
      index.endsAt(last.sequence, view.end);
    }
    return { ...view, index };
  }

  /** Asks the server. What was read while the epoch changed may be of either: it is read again. */
  async #view(stream: StreamKey): Promise<StreamView> {
    for (;;) {
      const before = this.#epoch.current;
      const [record, found] = await Promise.all([this.#trims.read(stream), this.#events.last(stream)]);
      if (this.#epoch.current !== before) continue;
      this.#generations.set(stream, record.generation);
      const { message: last, end = 0 } = found ?? {};
      this.#epoch.saw(end);
      return { epoch: this.#named(record.generation), record, last, end };
    }
  }

  #named(generation: string): Epoch {
    const { current } = this.#epoch;
    return generation === '' ? current : `${current}.${generation}`;
  }

  /** Deletes what was let go. */
  #purge(stream: StreamKey, index: StreamIndex, end: number): void {
    const { sequence, previous } = index.oldestMessage ?? { sequence: end + 1, previous: end };
    const before = { events: sequence, parts: previous + 1 };
    // What is left when the connection is lost goes with the next trim.
    this.#purges.run(stream, () => this.#events.purge(stream, before)).catch(() => undefined);
  }
}

function headOf({ epoch, record, last }: StreamView): StreamHead {
  const { trimmed, checkpoint } = record;
  const head = Math.max(lastOffsetOf(last?.sequence ?? 0), trimmed);
  return { epoch, oldest: trimmed + 1, head, ...(checkpoint === undefined ? {} : { checkpoint }) };
}
