import { setTimeout as wait } from 'node:timers/promises';
import { call } from '../server/service-api.ts';

/** A note that a server has accepted. */
export interface AcceptedNote {
  readonly n: number;
  readonly epoch: string;
  readonly offset: number;
}

const RETRY_MS = 100;
const PAUSE_MS = 20;
const ANSWER_MS = 35_000;

/** Publishes numbered notes to a user, one after the other, each again under its own `event_id` until a server has taken it. */
export class NotePublisher {
  readonly accepted: AcceptedNote[] = [];
  readonly #address: string;
  #isDone = false;

  constructor(url: string, userId: string) {
    this.#address = `${url}/v1/users/${userId}/events`;
  }

  /** Resolves when the last note is accepted after {@link stop}. */
  async run(): Promise<void> {
    for (let n = 1; !this.#isDone; n += 1) {
      const event = { type: 'app.note', event_id: `note-${n}`, payload: { n } };
      const { epoch, offsets } = await this.#publish({ events: [event] });
      this.accepted.push({ n, epoch, offset: offsets[0] ?? 0 });
      await wait(PAUSE_MS);
    }
  }

  stop(): void {
    this.#isDone = true;
  }

  async #publish(body: object): Promise<{ readonly epoch: string; readonly offsets: readonly number[] }> {
    for (;;) {
      // No answer, or one that says to try again: the id sees to it that it is one note.
      const answer = await call(this.#address, { body, timeoutMs: ANSWER_MS }).catch(() => undefined);
      if (answer?.status === 200) return answer.body as { epoch: string; offsets: readonly number[] };
      if (answer !== undefined && answer.status < 500) throw new Error(`a note was refused with ${answer.status}`);
      await wait(RETRY_MS);
    }
  }
}
