import type { Clock, TicketStore } from '@ws/core/log';
import { WebSocketError } from '@ws/types';
import type { Connection } from './connection.ts';
import { isConflict, isFull } from './log-fault.ts';
import type { Subjects } from './subjects.ts';

interface Ticket {
  readonly value: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Tickets in a JetStream stream of their own, which forgets them by itself. */
export class NatsTickets implements TicketStore {
  readonly #connection: Connection;
  readonly #subjects: Subjects;
  readonly #clock: Pick<Clock, 'now'>;

  constructor(connection: Connection, subjects: Subjects, clock: Pick<Clock, 'now'>) {
    this.#connection = connection;
    this.#subjects = subjects;
    this.#clock = clock;
  }

  async put(key: string, value: string, lifeMs: number): Promise<void> {
    const ticket: Ticket = { value, expiresAt: this.#clock.now() + lifeMs };
    const subject = this.#subjects.ticketOf(key);
    try {
      await this.#connection.run(({ js }) => js.publish(subject, JSON.stringify(ticket)));
    } catch (error) {
      if (!isFull(error)) throw error;
      throw new WebSocketError('RATE_LIMITED', 'too many tickets wait to be used: try again when some have expired', {
        cause: error,
      });
    }
  }

  async take(key: string): Promise<string | undefined> {
    const { tickets } = this.#subjects;
    const subject = this.#subjects.ticketOf(key);
    const found = await this.#connection.run(({ jsm }) => jsm.streams.getMessage(tickets, { last_by_subj: subject }));
    // An empty message says that it was taken. Both go when they are old enough.
    if (found === null || found.data.length === 0) return undefined;
    // Of all who found it one is the first to write after it. Several servers may let more than one write: the order decides.
    const taken = await this.#mark(subject, found.seq);
    if (taken === undefined) return undefined;
    const first = { seq: found.seq + 1, next_by_subj: subject };
    const next = await this.#connection.run(({ jsm }) => jsm.streams.getMessage(tickets, first));
    if (next?.seq !== taken) return undefined;
    const { value, expiresAt } = found.json<Ticket>();
    return expiresAt > this.#clock.now() ? value : undefined;
  }

  /** Writes that the ticket with this sequence was taken; `undefined` if somebody else was faster. */
  async #mark(subject: string, sequence: number): Promise<number | undefined> {
    const expect = { lastSubjectSequence: sequence };
    try {
      return (await this.#connection.run(({ js }) => js.publish(subject, '', { expect }))).seq;
    } catch (error) {
      if (isConflict(error)) return undefined;
      throw error;
    }
  }
}
