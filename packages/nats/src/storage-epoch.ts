import type { IdSource } from '@ws/core/log';
import type { Epoch } from '@ws/types';
import type { Link } from './connection.ts';
import { isConflict } from './log-fault.ts';
import type { OnRestart } from './options.ts';
import type { StorageFacts } from './storage.ts';
import type { Subjects } from './subjects.ts';

/** The epoch as it is stored, one for all users. */
interface EpochRecord {
  readonly epoch: Epoch;
  /** When the stream of events was made that it is about. */
  readonly created: string;
  /** The server process that it was last known to lie on, where that matters. */
  readonly server?: string;
  /** The name of the last new epoch that an operator asked for. */
  readonly asked?: string;
}

export interface StorageEpochOptions {
  readonly subjects: Subjects;
  readonly ids: IdSource;
  readonly onRestart: OnRestart;
  readonly newEpoch: string | undefined;
}

/**
 * The epoch of a log. It is renewed where events that were acknowledged may be missing: the stream of events is another one than
 * before; it ends before the newest message that this process knows of; its only server is another process than before, which may
 * have come up after a crash of its machine, and JetStream syncs after it acknowledges; or the operator asks for it, by a name that
 * the record does not have.
 */
export class StorageEpoch {
  readonly #options: StorageEpochOptions;
  #epoch: Epoch | undefined;
  /** The highest sequence that was acknowledged to this process, or that it has read. */
  #newest = 0;

  constructor(options: StorageEpochOptions) {
    this.#options = options;
  }

  /** The epoch when the streams were last looked at; empty before that. */
  get current(): Epoch {
    return this.#epoch ?? '';
  }

  /** A message with this sequence is there. */
  saw(sequence: number): void {
    if (sequence > this.#newest) this.#newest = sequence;
  }

  /** Reads the epoch, or begins a new one. Answers whether it is another one than this process knew. */
  async open(link: Link, given: StorageFacts): Promise<boolean> {
    const facts = await this.#confirmed(link, given);
    for (;;) {
      const { record, sequence } = await this.#read(link);
      const next = this.#judge(record, facts);
      if (next !== record) {
        // Read again: of two that were written at once the later one counts.
        await this.#write(link, next, sequence);
        if ((await this.#read(link)).record?.epoch !== next.epoch) continue;
      }
      const isNew = this.#epoch !== undefined && this.#epoch !== next.epoch;
      if (isNew || this.#epoch === undefined) this.#newest = facts.lastSequence;
      this.#epoch = next.epoch;
      return isNew;
    }
  }

  /** Another process has written an epoch: answers whether it is a new one. */
  async reread(link: Link): Promise<boolean> {
    const { record } = await this.#read(link);
    if (record === undefined || record.epoch === this.#epoch) return false;
    this.#epoch = record.epoch;
    return true;
  }

  /**
   * A server that has just become the leader of replicas may not have brought in yet all that it has, and then tells of an older end.
   * What is written through it comes after all of that: the sequence of a message tells.
   */
  async #confirmed({ js, jsm }: Link, facts: StorageFacts): Promise<StorageFacts> {
    if (facts.replicas === 1 || facts.lastSequence >= this.#newest) return facts;
    const { events, probe } = this.#options.subjects;
    const { seq } = await js.publish(probe, '');
    await jsm.streams.purge(events, { filter: probe });
    return { ...facts, lastSequence: seq };
  }

  #judge(record: EpochRecord | undefined, { created, lastSequence, replicas, server }: StorageFacts): EpochRecord {
    const { ids, newEpoch, onRestart } = this.#options;
    // With several replicas a majority has what was acknowledged; a process that is not known to be the only one tells nothing.
    const process = replicas === 1 && server !== undefined ? { server } : {};
    const asked = newEpoch ?? record?.asked;
    const known = { created, ...process, ...(asked === undefined ? {} : { asked }) };
    const renewed = { epoch: ids.next(), ...known };
    if (record?.created !== created || record.asked !== asked) return renewed;
    // Only whoever knows what is missing can tell, and another process may have told already.
    if (record.epoch === this.#epoch && lastSequence < this.#newest) return renewed;
    if (record.server === process.server) return record;
    const isKept = onRestart === 'keep' || record.server === undefined || process.server === undefined;
    return isKept ? { epoch: record.epoch, ...known } : renewed;
  }

  async #read({ jsm }: Link): Promise<{ record: EpochRecord | undefined; sequence: number }> {
    const { subjects } = this.#options;
    const message = await jsm.streams.getMessage(subjects.state, { last_by_subj: subjects.epoch });
    // What this log wrote: nobody else has a reason to write to the subject.
    return { record: message?.json<EpochRecord>(), sequence: message?.seq ?? 0 };
  }

  /** Writes the epoch, unless another process was faster. */
  async #write({ js }: Link, record: EpochRecord, sequence: number): Promise<void> {
    try {
      const expect = { lastSubjectSequence: sequence };
      await js.publish(this.#options.subjects.epoch, JSON.stringify(record), { expect });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
  }
}
