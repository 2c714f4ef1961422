import type { Dice } from '../random.ts';
import { hash } from '../random.ts';
import type { PublishedUser } from '../soak/publisher.ts';
import type { Persona } from '../soak/script.ts';
import { Watcher } from './watcher.ts';

const RESULT_CHARS = 100;
const ASK_EVERY_MS = 20_000;
/** A short run has questions, too. */
const FIRST_QUESTION_WITHIN_MS = 2_000;

/**
 * A user with two clients. Runs of one kind of user are published from outside, so that every event is known beforehand; those of
 * the other are emitted by the demo agent in whichever server takes the question.
 */
export class ChaosUser implements PublishedUser {
  readonly kind: 'published' | 'asking';
  readonly persona: Persona;
  readonly watchers: readonly Watcher[];
  published = 0;
  accepted = 0;
  busy = false;
  /** Runs that were promised as answers. */
  readonly runs: string[] = [];
  readonly #violation: (what: string) => void;
  readonly #asks = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isDone = false;

  constructor(
    index: number,
    { url, token, seed, kind }: { url: string; token: string; seed: number; kind: ChaosUser['kind'] },
    violation: (what: string) => void,
  ) {
    this.kind = kind;
    const userId = `user-${index}`;
    this.persona = { userId, seed: hash(seed, index), resultChars: RESULT_CHARS };
    this.watchers = [0, 1].map(() => new Watcher({ url, userId, token }));
    this.#violation = violation;
  }

  connect(): void {
    for (const { client } of this.watchers) client.connect();
  }

  /** Asks something now and then, with either client. */
  startAsking(dice: Dice): void {
    const plan = (withinMs: number): void => {
      this.#timer = setTimeout(
        () => {
          if (this.#isDone) return;
          const asked = this.#ask(dice.pick(this.watchers)).finally(() => this.#asks.delete(asked));
          this.#asks.add(asked);
          plan(2 * ASK_EVERY_MS);
        },
        dice.between(0, withinMs),
      );
    };
    plan(FIRST_QUESTION_WITHIN_MS);
  }

  /** Stops asking, and waits until every question is accepted. */
  async stopAsking(): Promise<void> {
    this.#isDone = true;
    clearTimeout(this.#timer);
    await Promise.all(this.#asks);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const { client } of this.watchers) client.close();
  }

  async #ask(watcher: Watcher): Promise<void> {
    try {
      this.runs.push(await watcher.ask());
    } catch (error) {
      this.#violation(`${this.persona.userId}: a question was not accepted: ${String(error)}`);
    }
  }
}
