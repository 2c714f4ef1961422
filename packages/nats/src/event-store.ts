import type { NewLogEvent, StreamKey } from '@ws/core';
import type { Offset } from '@ws/types';
import type { Connection } from './connection.ts';
import { decodeEvents, encodeEvents, encodeParts, partsIn, timestampOf } from './event-message.ts';
import { corruptFault, isConflict } from './log-fault.ts';
import { lastOffsetOf, OFFSETS_PER_MESSAGE, partsNeeded } from './offsets.ts';
import type { Parts } from './parts.ts';
import { fromStored, type RawMessage } from './raw-message.ts';
import type { StoredMessage } from './stream-index.ts';
import type { SubjectReader } from './subject-reader.ts';
import type { Subjects } from './subjects.ts';
import type { TrimRecords } from './trim-records.ts';

export interface EventStoreParts {
  readonly connection: Connection;
  readonly subjects: Subjects;
  readonly reader: SubjectReader;
  readonly parts: Parts;
  readonly trims: TrimRecords;
  readonly place: string;
}

/** The messages of users' events in JetStream: an append is one message, written on the condition that it is the next one. */
export class EventStore {
  readonly #connection: Connection;
  readonly #subjects: Subjects;
  readonly #reader: SubjectReader;
  readonly #parts: Parts;
  readonly #trims: TrimRecords;
  readonly #place: string;

  constructor({ connection, subjects, reader, parts, trims, place }: EventStoreParts) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#reader = reader;
    this.#parts = parts;
    this.#trims = trims;
    this.#place = place;
  }

  /** The newest message of a stream: asked of the leader, which knows of every one that was acknowledged. */
  async last(stream: StreamKey): Promise<RawMessage | undefined> {
    const message = await this.#connection.run(({ jsm }) =>
      jsm.streams.getMessage(this.#subjects.events, { last_by_subj: this.#subjects.eventsOf(stream) }),
    );
    return message === null ? undefined : fromStored(message);
  }

  /** Hands each message from a sequence on to `take`, up to one that is known to be there, until `take` says `false`. */
  async read(
    stream: StreamKey,
    from: number,
    last: RawMessage,
    take: (message: StoredMessage) => boolean,
  ): Promise<void> {
    for (let next = from, goesOn = true; goesOn && next <= last.sequence;) {
      // What is asked for last is in hand.
      if (last.previous < next) return void take(await this.whole(stream, last));
      let large: RawMessage | undefined;
      const range = { stream: this.#subjects.events, subject: this.#subjects.eventsOf(stream), from: next };
      await this.#reader.read({ ...range, to: last.sequence }, (message) => {
        next = message.sequence + 1;
        if (partsIn(message.body) === undefined) goesOn = take(toStored(message, message.body));
        else large = message;
        return goesOn && large === undefined;
      });
      if (large !== undefined) goesOn = take(await this.whole(stream, large));
    }
  }

  /** A message with its events, wherever they lie. */
  async whole(stream: StreamKey, message: RawMessage): Promise<StoredMessage> {
    const parts = partsIn(message.body);
    if (parts === undefined) return toStored(message, message.body);
    const body = await this.#parts.read(parts);
    if (body !== undefined) return toStored(message, body);
    // Let go by a trim while it was read: its events do not count any more.
    const { trimmed } = await this.#trims.read(stream);
    if (trimmed >= lastOffsetOf(message.sequence)) return { ...placeIn(message), events: [] };
    throw corruptFault(this.#place, `part of message ${message.sequence} of ${this.#subjects.events} is missing`);
  }

  /**
   * Writes events as the message after `previous`, 0 for none, and after the event at `before`. Answers its sequence, or `undefined`
   * if another one is the newest by now.
   */
  async append(
    stream: StreamKey,
    events: readonly NewLogEvent[],
    { previous, before }: { readonly previous: number; readonly before: Offset },
  ): Promise<number | undefined> {
    const body = encodeEvents(events, before === lastOffsetOf(previous) ? undefined : before);
    const isLarge = body.length > this.#parts.maxBytes || events.length > OFFSETS_PER_MESSAGE;
    const parts = isLarge ? await this.#parts.write(stream, body, partsNeeded(events.length)) : undefined;
    const payload = parts === undefined ? body : encodeParts(parts, events[0]?.timestamp ?? 0);
    const expect = { lastSubjectSequence: previous };
    try {
      const ack = await this.#connection.run(({ js }) =>
        js.publish(this.#subjects.eventsOf(stream), payload, { expect }),
      );
      return ack.seq;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (parts !== undefined) this.#parts.discard(parts);
      return undefined;
    }
  }

  /**
   * Streams that have a message whose first event is from `before` or earlier, each with the newest of those messages. Messages lie
   * in the order of their arrival, so this reads no further than the first one that is younger.
   */
  async aged(before: number, limit: number): Promise<ReadonlyMap<StreamKey, number>> {
    const found = new Map<StreamKey, number>();
    const range = { stream: this.#subjects.events, subject: this.#subjects.allEvents, from: 1 };
    await this.#reader.read(range, ({ subject, sequence, body }) => {
      if (timestampOf(body) > before) return false;
      const stream = this.#subjects.readEvents(subject);
      if (!found.has(stream) && found.size === limit) return false;
      found.set(stream, sequence);
      return true;
    });
    return found;
  }

  /** Deletes messages of a stream, and parts, that come before the sequences given. */
  async purge(stream: StreamKey, { events, parts }: { events: number; parts: number }): Promise<void> {
    await this.#purge(this.#subjects.eventsOf(stream), events);
    await this.#purge(this.#subjects.partsOf(stream), parts);
  }

  async #purge(filter: string, seq: number): Promise<void> {
    // JetStream would take 0 for no limit.
    if (seq > 1) await this.#connection.run(({ jsm }) => jsm.streams.purge(this.#subjects.events, { filter, seq }));
  }
}

function toStored(message: RawMessage, body: Uint8Array): StoredMessage {
  return { ...placeIn(message), events: decodeEvents(body, message.sequence, message.previous) };
}

function placeIn({ sequence, previous }: RawMessage): Pick<StoredMessage, 'sequence' | 'previous'> {
  return { sequence, previous };
}
