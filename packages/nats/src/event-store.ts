import type { NewLogEvent, StreamKey } from '@ws/core/log';
import type { Offset } from '@ws/types';
import type { Connection } from './connection.ts';
import { beforeOf, decodeEvents, encodeEvents, encodeParts, partsIn, timestampOf } from './event-message.ts';
import { corruptFault, isConflict } from './log-fault.ts';
import { lastOffsetOf, OFFSETS_PER_MESSAGE, partsNeeded, sequenceAfter } from './offsets.ts';
import type { Parts } from './parts.ts';
import { fromStored, type RawMessage } from './raw-message.ts';
import type { StoredMessage } from './stream-index.ts';
import type { SubjectReader } from './subject-reader.ts';
import type { Subjects } from './subjects.ts';
import type { TrimRecords } from './trim-records.ts';

export interface EventStoreOptions {
  readonly connection: Connection;
  readonly subjects: Subjects;
  readonly reader: SubjectReader;
  readonly parts: Parts;
  readonly trims: TrimRecords;
  readonly place: string;
  /** Whether several servers hold the stream. */
  readonly isReplicated: () => boolean;
}

/** Where an append goes. */
export interface AppendPlace {
  /** Sequence of the newest message on the user's subject, 0 for none. */
  readonly previous: number;
  /** Offset of the newest event. */
  readonly before: Offset;
}

/** The end of a stream. */
export interface StreamEnd {
  /** The newest message that counts. */
  readonly message: RawMessage;
  /** Sequence of the newest message on the subject, which may be void. */
  readonly end: number;
}

/**
 * The messages of users' events in JetStream: an append is one message, written on the condition that it is the next one.
 *
 * One server keeps to that condition. Several check it before they agree on a message, and at times take two for the next one
 * (before 2.10 whenever they come at once, later while a leader is chosen). So the order of the stream decides: a message that
 * comes after an event which is not the newest one before it is void. Whoever wrote it finds that out before it counts as written,
 * and readers pass it over. It goes with the next trim: servers before 2.10 lose track of a subject whose newest message is deleted.
 */
export class EventStore {
  readonly #options: EventStoreOptions;

  constructor(options: EventStoreOptions) {
    this.#options = options;
  }

  /** Where a stream ends: asked of the leader, which knows of every message that was acknowledged. */
  async last(stream: StreamKey): Promise<StreamEnd | undefined> {
    const found = await this.#find({ last_by_subj: this.#options.subjects.eventsOf(stream) });
    if (found === undefined) return undefined;
    const { sequence: end } = found;
    if (await this.#isNext(stream, found)) return { message: found, end };
    let message = found;
    const after = beforeOf(found.body, found.previous);
    await this.#scan(stream, { from: sequenceAfter(after), after, to: end }, (next) => {
      message = next;
      return true;
    });
    return { message, end };
  }

  /**
   * Hands each message from a sequence on to `take`, up to the last one, until `take` says `false`.
   *
   * @param after - offset of the event that the first message comes after, if it is known
   */
  async read(
    stream: StreamKey,
    { from, after, last }: { readonly from: number; readonly after: Offset | undefined; readonly last: RawMessage },
    take: (message: StoredMessage) => boolean,
  ): Promise<void> {
    const lastBefore = beforeOf(last.body, last.previous);
    let known = after;
    for (let next = from, goesOn = true; goesOn && next <= last.sequence;) {
      // What is asked for last is in hand.
      if (lastBefore <= lastOffsetOf(next - 1)) return void take(await this.#whole(stream, last));
      let large: RawMessage | undefined;
      await this.#scan(stream, { from: next, after: known, to: last.sequence }, (message) => {
        next = message.sequence + 1;
        known = lastOffsetOf(message.sequence);
        if (partsIn(message.body) === undefined) goesOn = take(toStored(message, message.body));
        else large = message;
        return goesOn && large === undefined;
      });
      if (large !== undefined) goesOn = take(await this.#whole(stream, large));
    }
  }

  /** Writes events as the next message. Answers its sequence, or `undefined` if another one is the newest by now. */
  async append(stream: StreamKey, events: readonly NewLogEvent[], place: AppendPlace): Promise<number | undefined> {
    const { connection, subjects, parts: pieces } = this.#options;
    const { previous, before } = place;
    const prev = before === lastOffsetOf(previous) ? {} : { prev: before };
    const body = encodeEvents(events, prev.prev);
    const isLarge = body.length > pieces.maxBytes || events.length > OFFSETS_PER_MESSAGE;
    const parts = isLarge ? await pieces.write(stream, body, partsNeeded(events.length)) : undefined;
    const payload = parts === undefined ? body : encodeParts(parts, { from: events[0]?.timestamp ?? 0, ...prev });
    const expect = { lastSubjectSequence: previous };
    try {
      const { seq: sequence } = await connection.run(({ js }) =>
        js.publish(subjects.eventsOf(stream), payload, { expect }),
      );
      if (await this.#isNext(stream, { sequence, previous, body: Buffer.from(payload) })) return sequence;
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    if (parts !== undefined) pieces.discard(parts);
    return undefined;
  }

  /**
   * Streams that have a message whose first event is from `before` or earlier, each with the newest of those messages. Messages lie
   * in the order of their arrival, so this reads no further than the first one that is younger.
   */
  async aged(before: number, limit: number): Promise<ReadonlyMap<StreamKey, number>> {
    const { reader, subjects } = this.#options;
    const found = new Map<StreamKey, number>();
    const range = { stream: subjects.events, subject: subjects.allEvents, from: 1 };
    await reader.read(range, ({ subject, sequence, body }) => {
      if (timestampOf(body) > before) return false;
      const stream = subjects.readEvents(subject);
      if (!found.has(stream) && found.size === limit) return false;
      found.set(stream, sequence);
      return true;
    });
    return found;
  }

  /** Deletes messages of a stream, and parts, that come before the sequences given. */
  async purge(stream: StreamKey, { events, parts }: { events: number; parts: number }): Promise<void> {
    await this.#purge(this.#options.subjects.eventsOf(stream), events);
    await this.#purge(this.#options.subjects.partsOf(stream), parts);
  }

  /** A message with its events, wherever they lie. */
  async #whole(stream: StreamKey, message: RawMessage): Promise<StoredMessage> {
    const { parts: pieces, trims, place, subjects } = this.#options;
    const parts = partsIn(message.body);
    if (parts === undefined) return toStored(message, message.body);
    const body = await pieces.read(parts);
    if (body !== undefined) return toStored(message, body);
    // Let go by a trim while it was read: its events do not count any more.
    const { trimmed } = await trims.read(stream);
    const { sequence, previous } = message;
    if (trimmed < lastOffsetOf(sequence)) {
      throw corruptFault(place, `part of message ${sequence} of ${subjects.events} is missing`);
    }
    return { sequence, previous, before: beforeOf(message.body, previous), events: [] };
  }

  /** Whether a message that is there counts: those between it and the event it comes after, if there are any, are void. */
  async #isNext(
    stream: StreamKey,
    { sequence, previous, body }: Pick<RawMessage, 'sequence' | 'previous' | 'body'>,
  ): Promise<boolean> {
    if (!this.#options.isReplicated()) return true;
    const before = beforeOf(body, previous);
    const subject = this.#options.subjects.eventsOf(stream);
    for (let seq = sequenceAfter(before); ;) {
      const found = await this.#find({ seq, next_by_subj: subject });
      if (found === undefined || found.sequence >= sequence) return found?.sequence === sequence;
      if (beforeOf(found.body, found.previous) >= before) return false;
      seq = found.sequence + 1;
    }
  }

  /** Reads messages as they lie there, without void ones. */
  async #scan(
    stream: StreamKey,
    { from, after, to }: { readonly from: number; readonly after: Offset | undefined; readonly to: number },
    take: (message: RawMessage) => boolean,
  ): Promise<void> {
    const { reader, subjects, isReplicated } = this.#options;
    let newest = after ?? 0;
    await reader.read({ stream: subjects.events, subject: subjects.eventsOf(stream), from, to }, (message) => {
      if (isReplicated() && beforeOf(message.body, message.previous) < newest) return true;
      newest = lastOffsetOf(message.sequence);
      return take(message);
    });
  }

  async #find(
    query: { last_by_subj: string } | { seq: number; next_by_subj: string },
  ): Promise<RawMessage | undefined> {
    const { connection, subjects } = this.#options;
    const message = await connection.run(({ jsm }) => jsm.streams.getMessage(subjects.events, query));
    return message === null ? undefined : fromStored(message);
  }

  async #purge(filter: string, seq: number): Promise<void> {
    const { connection, subjects } = this.#options;
    // JetStream would take 0 for no limit.
    if (seq > 1) await connection.run(({ jsm }) => jsm.streams.purge(subjects.events, { filter, seq }));
  }
}

function toStored({ sequence, previous }: RawMessage, body: Uint8Array): StoredMessage {
  return { sequence, previous, before: beforeOf(body, previous), events: decodeEvents(body, sequence, previous) };
}
