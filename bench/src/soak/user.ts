import { Dice, hash } from '../random.ts';
import { CursorCheck } from './cursor-check.ts';
import type { PublishedUser } from './publisher.ts';
import { THREADS, type Persona } from './script.ts';
import { Tab } from './tab.ts';
import type { Tally } from './tally.ts';

export interface UserOptions {
  readonly url: string;
  readonly seed: number;
  readonly heavy: boolean;
  readonly tally: Tally;
}

const TOKEN_AGE_MS = 40 * 60_000;
const HEAVY_RESULT_CHARS = 400_000;
const LIGHT_RESULT_CHARS = 100;

/** A user: what was published to them, and the tabs they have open. */
export class User implements PublishedUser {
  readonly persona: Persona;
  readonly tabs: readonly Tab[];
  readonly heavy: boolean;
  published = 0;
  accepted = 0;
  busy = false;
  readonly #url: string;
  #token: { readonly text: Promise<string>; readonly at: number } | undefined;

  constructor(index: number, { url, seed, heavy, tally }: UserOptions) {
    this.#url = url;
    this.heavy = heavy;
    this.persona = {
      userId: `user-${index}`,
      seed: hash(seed, index),
      resultChars: heavy ? HEAVY_RESULT_CHARS : LIGHT_RESULT_CHARS,
    };
    this.tabs = tabKinds(index).map((threads, n) => {
      const check = new CursorCheck({
        persona: this.persona,
        threads,
        published: () => this.published,
        violation: (what) => tally.violation(what),
      });
      const dice = new Dice(hash(this.persona.seed, n));
      return new Tab({ url, threads, batch: (index + n) % 3 !== 0, token: () => this.#fresh(), check, tally, dice });
    });
  }

  /** Whether every tab is connected and holds everything that was accepted. */
  get servedInFull(): boolean {
    return this.tabs.every((tab) => tab.online && tab.check.isAt(this.accepted));
  }

  /** A token with plenty of life left, shared by the tabs. */
  #fresh(): Promise<string> {
    if (this.#token === undefined || performance.now() - this.#token.at > TOKEN_AGE_MS) {
      const token = { text: fetchToken(this.#url, this.persona.userId), at: performance.now() };
      token.text.catch(() => {
        if (this.#token === token) this.#token = undefined;
      });
      this.#token = token;
    }
    return this.#token.text;
  }
}

/** The threads each tab asks for: most users have one tab, some two, few a third that follows one thread only. */
function tabKinds(index: number): readonly (readonly string[] | undefined)[] {
  if (index % 10 === 0) return [undefined, undefined, [THREADS[(index / 10) % THREADS.length] ?? 't0']];
  return index % 4 === 0 ? [undefined, undefined] : [undefined];
}

async function fetchToken(url: string, userId: string): Promise<string> {
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: userId }),
  });
  if (!response.ok) throw new Error(`POST /dev/token answered ${response.status}`);
  return String(((await response.json()) as { token?: unknown }).token);
}
