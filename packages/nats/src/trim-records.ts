import type { StreamKey } from '@ws/core/log';
import type { Connection } from './connection.ts';
import { corruptFault, isConflict } from './log-fault.ts';
import type { Parts } from './parts.ts';
import type { Subjects } from './subjects.ts';
import { decodeTrimRecord, encodeTrimRecord, NOTHING_TRIMMED, type TrimRecord } from './trim-record.ts';

/** Times that a checkpoint may be replaced while it is read. */
const MAX_TRIES = 5;

/** The record that each stream has of what was let go. */
export class TrimRecords {
  readonly #connection: Connection;
  readonly #subjects: Subjects;
  readonly #parts: Parts;
  readonly #place: string;

  constructor(connection: Connection, { subjects, parts, place }: { subjects: Subjects; parts: Parts; place: string }) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#parts = parts;
    this.#place = place;
  }

  async read(stream: StreamKey): Promise<TrimRecord> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const message = await this.#connection.run(({ jsm }) =>
        jsm.streams.getMessage(this.#subjects.state, { last_by_subj: this.#subjects.trimmedOf(stream) }),
      );
      if (message === null) return NOTHING_TRIMMED;
      const { parts, ...record } = decodeTrimRecord(message.string(), message.seq);
      if (parts === undefined) return record;
      const checkpoint = await this.#parts.read(parts);
      if (checkpoint !== undefined) return { ...record, checkpoint: checkpoint.toString() };
      // Replaced by that of a later trim meanwhile, which deletes what came before it.
    }
    throw corruptFault(this.#place, `the checkpoint of a stream is not whole`);
  }

  /**
   * Writes a record in the place of another one. `false` if that is not the newest any more; several servers may let two writers
   * believe so, and the later one that is written stays.
   */
  async write(stream: StreamKey, known: TrimRecord, next: Omit<TrimRecord, 'sequence'>): Promise<boolean> {
    const whole = encodeTrimRecord(next);
    const isLarge = Buffer.byteLength(whole) > this.#parts.maxBytes;
    const parts = isLarge ? await this.#parts.write(stream, Buffer.from(next.checkpoint ?? '')) : undefined;
    const body = parts === undefined ? whole : encodeTrimRecord(next, parts);
    const expect = { lastSubjectSequence: known.sequence };
    try {
      await this.#connection.run(({ js }) => js.publish(this.#subjects.trimmedOf(stream), body, { expect }));
      return (await this.read(stream)).trimmed >= next.trimmed;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (parts !== undefined) this.#parts.discard(parts);
      return false;
    }
  }
}
