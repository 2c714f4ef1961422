import type { Connection } from './connection.ts';
import { isConflict, isFull } from './log-fault.ts';
import type { Subjects } from './subjects.ts';

/** No message has this sequence. */
const NEVER = Number.MAX_SAFE_INTEGER;
/** What is left of the room asked for after a probe that failed: a megabyte is down to a page within half a minute of probes. */
const PATIENCE = 15 / 16;

/** Tries whether the stream of events can be written to now. */
export class HealthProbe {
  readonly #connection: Connection;
  readonly #subjects: Subjects;
  readonly #isReplicated: () => boolean;
  /** Bytes of the last append that found no room, 0 if the last one did. */
  #missingBytes = 0;

  constructor(connection: Connection, subjects: Subjects, isReplicated: () => boolean) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#isReplicated = isReplicated;
  }

  /** An append of so many bytes failed. */
  failed(error: unknown, bytes: number): void {
    if (isFull(error)) this.#missingBytes = Math.max(this.#missingBytes, bytes);
  }

  /**
   * Writes on a condition that is never met, which asks the server and stores nothing. After an append found no room, writes for
   * real, and as much: only that tells whether there is room again. So it does where there are replicas: a leader that lost the
   * others answers by itself for a while.
   */
  async check(): Promise<boolean> {
    try {
      if (this.#missingBytes > 0 || this.#isReplicated()) await this.#tryRoom(this.#missingBytes);
      else await this.#askLeader();
      this.#missingBytes = 0;
      return true;
    } catch {
      // Not all the room that was missing may ever come back, and smaller appends find theirs.
      this.#missingBytes = Math.floor(this.#missingBytes * PATIENCE);
      return false;
    }
  }

  async #askLeader(): Promise<void> {
    const expect = { lastSubjectSequence: NEVER };
    try {
      await this.#connection.run(({ js }) => js.publish(this.#subjects.probe, '', { expect }));
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }

  async #tryRoom(bytes: number): Promise<void> {
    const limit = this.#connection.link?.nc.info?.max_payload ?? Infinity;
    const body = new Uint8Array(Math.min(bytes, Math.floor(limit / 2)));
    try {
      await this.#connection.run(({ js }) => js.publish(this.#subjects.probe, body));
    } finally {
      const { events, probe } = this.#subjects;
      await this.#connection.run(({ jsm }) => jsm.streams.purge(events, { filter: probe }));
    }
  }
}
