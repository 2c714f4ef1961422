import type { AgentClock } from './clock.ts';
import type { AgentRun } from './run-port.ts';

const WORDS_PER_DELTA = 3;
const MAX_DELTAS = 80;

/** Streams what the agent thinks and answers, a few words at a time, so that a person can follow. */
export class Speech {
  readonly #run: AgentRun;
  readonly #clock: AgentClock;
  readonly #pace: number;
  #response = '';

  constructor(run: AgentRun, clock: AgentClock, pace: number) {
    this.#run = run;
    this.#clock = clock;
    this.#pace = pace;
  }

  /** All that was answered so far. */
  get response(): string {
    return this.#response;
  }

  /** One thought; the next begins on a new line. */
  async think(text: string): Promise<void> {
    for (const delta of toDeltas(`${text}\n`)) {
      await this.#turn();
      await this.#run.think(delta);
    }
  }

  /** A part of the answer, in Markdown. */
  async say(text: string): Promise<void> {
    for (const delta of toDeltas(text)) {
      await this.#turn();
      await this.#run.write(delta);
      this.#response += delta;
    }
  }

  async #turn(): Promise<void> {
    this.#run.signal.throwIfAborted();
    if (this.#pace > 0) await this.#clock.sleep(this.#pace, this.#run.signal);
  }
}

/** Cuts a text into groups of words that make up the text again; a long text into larger groups, not into more. */
export function toDeltas(text: string): string[] {
  const words = text.match(/\s*\S+\s*/g) ?? (text === '' ? [] : [text]);
  const size = Math.max(WORDS_PER_DELTA, Math.ceil(words.length / MAX_DELTAS));
  const deltas: string[] = [];
  for (let index = 0; index < words.length; index += size) deltas.push(words.slice(index, index + size).join(''));
  return deltas;
}
