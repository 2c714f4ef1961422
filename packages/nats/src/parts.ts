import type { StreamKey } from '@ws/core/log';
import type { Connection } from './connection.ts';
import type { Subjects } from './subjects.ts';

/** Room that headers and the rest of a message take. */
const HEADERS_BYTES = 2_048;
/** Largest part, however much the server takes. */
const MAX_PART_BYTES = 1_048_576;

/**
 * What is too large for one message, in several. They lie on a subject of their own, written before the message that names them,
 * so that they count only if that is written; those that are named by none are deleted with the next trim of their user.
 */
export class Parts {
  readonly #connection: Connection;
  readonly #subjects: Subjects;

  constructor(connection: Connection, subjects: Subjects) {
    this.#connection = connection;
    this.#subjects = subjects;
  }

  /** The bytes that a message may have. */
  get maxBytes(): number {
    const limit = this.#connection.link?.nc.info?.max_payload ?? MAX_PART_BYTES;
    return Math.max(1, Math.min(MAX_PART_BYTES, limit) - HEADERS_BYTES);
  }

  /** Writes at least so many parts, and answers their sequences. */
  async write(stream: StreamKey, body: Buffer, atLeast = 1): Promise<readonly number[]> {
    const count = Math.max(atLeast, Math.ceil(body.length / this.maxBytes));
    const end = (part: number): number => Math.floor((body.length * part) / count);
    const written = Array.from({ length: count }, (_, part) => {
      const bytes = body.subarray(end(part), end(part + 1));
      return this.#connection.run(async ({ js }) => (await js.publish(this.#subjects.partsOf(stream), bytes)).seq);
    });
    const outcomes = await Promise.allSettled(written);
    const sequences = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed === undefined) return sequences;
    this.discard(sequences);
    throw failed.reason;
  }

  /** Puts parts together again; `undefined` if one is gone. */
  async read(sequences: readonly number[]): Promise<Buffer | undefined> {
    const parts = await Promise.all(
      sequences.map((seq) => this.#connection.run(({ jsm }) => jsm.streams.getMessage(this.#subjects.events, { seq }))),
    );
    const bodies = parts.flatMap((part) => (part === null ? [] : [part.data]));
    return bodies.length === sequences.length ? Buffer.concat(bodies) : undefined;
  }

  /** Deletes parts of something that was not written after all. Does not wait: what is left goes with the next trim. */
  discard(sequences: readonly number[]): void {
    for (const sequence of sequences) {
      this.#connection
        .run(({ jsm }) => jsm.streams.deleteMessage(this.#subjects.events, sequence, false))
        .catch(() => undefined);
    }
  }
}
