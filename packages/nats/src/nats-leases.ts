import type { RunLease, RunLeases } from '@ws/core/log';
import type { Connection } from './connection.ts';
import { isConflict } from './log-fault.ts';
import type { SubjectReader } from './subject-reader.ts';
import type { Subjects } from './subjects.ts';

/** Run leases: a subject for each run, its message says when the lease lapses. */
export class NatsLeases implements RunLeases {
  readonly #connection: Connection;
  readonly #subjects: Subjects;
  readonly #reader: SubjectReader;

  constructor(connection: Connection, subjects: Subjects, reader: SubjectReader) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#reader = reader;
  }

  async set(leases: readonly RunLease[]): Promise<void> {
    await Promise.all(
      leases.map((lease) =>
        this.#connection.run(({ js }) => js.publish(this.#subjects.leaseOf(lease), String(lease.expiresAt))),
      ),
    );
  }

  async add(leases: readonly RunLease[]): Promise<void> {
    await Promise.all(
      leases.map((lease) =>
        this.#connection.run(async ({ js }) => {
          try {
            const expect = { lastSubjectSequence: 0 };
            await js.publish(this.#subjects.leaseOf(lease), String(lease.expiresAt), { expect });
          } catch (error) {
            if (!isConflict(error)) throw error;
          }
        }),
      ),
    );
  }

  async delete(leases: readonly Pick<RunLease, 'stream' | 'runId'>[]): Promise<void> {
    await Promise.all(
      leases.map((lease) =>
        this.#connection.run(({ jsm }) =>
          jsm.streams.purge(this.#subjects.state, { filter: this.#subjects.leaseOf(lease) }),
        ),
      ),
    );
  }

  async expired(now: number, limit: number): Promise<readonly RunLease[]> {
    const lapsed: RunLease[] = [];
    await this.#reader.read({ stream: this.#subjects.state, subject: this.#subjects.leases, from: 1 }, (message) => {
      const expiresAt = Number(Buffer.from(message.body).toString());
      if (expiresAt <= now) lapsed.push({ ...this.#subjects.readLease(message.subject), expiresAt });
      return true;
    });
    const oldest = lapsed.sort((a, b) => a.expiresAt - b.expiresAt).slice(0, limit);
    // A replica that lags may have answered, and a run that is renewed must not be ended: the leader knows.
    const current = await Promise.all(oldest.map((lease) => this.#current(lease)));
    return current.filter((lease): lease is RunLease => lease !== undefined && lease.expiresAt <= now);
  }

  async #current(lease: RunLease): Promise<RunLease | undefined> {
    const message = await this.#connection.run(({ jsm }) =>
      jsm.streams.getMessage(this.#subjects.state, { last_by_subj: this.#subjects.leaseOf(lease) }),
    );
    return message === null ? undefined : { ...lease, expiresAt: Number(message.string()) };
  }
}
