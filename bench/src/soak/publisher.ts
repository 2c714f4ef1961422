import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from '../random.ts';
import { API_KEY } from '../server/server-process.ts';
import { eventAt, type Persona } from './script.ts';
import type { Tally } from './tally.ts';

/** Whose script is published, and how far that is. */
export interface PublishedUser {
  readonly persona: Persona;
  /** Highest offset handed to the server. */
  published: number;
  /** Highest offset it has accepted. */
  accepted: number;
  /** A batch is on its way, or was refused for good. */
  busy: boolean;
}

export interface PublisherOptions {
  readonly url: string;
  readonly users: readonly PublishedUser[];
  /** Events a second, over all users. */
  readonly rate: number;
  readonly tally: Pick<Tally, 'published' | 'publishRetries' | 'violation'>;
  readonly dice: Dice;
}

const TICK_MS = 20;
const MAX_BATCH = 8;
const MAX_IN_FLIGHT = 64;
const RETRY_MS = 200;
const MAX_TRIES = 50;

/** Publishes the users' scripts over HTTP, in batches, at a steady rate over all of them. */
export class Publisher {
  readonly #options: PublisherOptions;
  #inFlight = 0;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  start(): void {
    const { rate, users, dice } = this.#options;
    let owed = 0;
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      // What could not be published in time is not made up for: the rate is a ceiling.
      owed = Math.min(owed + ((now - last) / 1_000) * rate, rate);
      last = now;
      for (let tries = 0; owed > 0 && this.#inFlight < MAX_IN_FLIGHT && tries < users.length; tries += 1) {
        const user = users[(this.#next += 1) % users.length];
        if (user === undefined || user.busy) continue;
        const size = dice.between(1, MAX_BATCH);
        owed -= size;
        void this.publish(user, size);
      }
    }, TICK_MS);
  }

  /** Stops, and waits for what is on its way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#inFlight > 0) await sleep(TICK_MS);
  }

  /** Publishes the next `size` events of a user. */
  async publish(user: PublishedUser, size: number): Promise<void> {
    const { tally } = this.#options;
    const first = user.published + 1;
    user.busy = true;
    user.published += size;
    this.#inFlight += 1;
    try {
      const offsets = await this.#post(user, first, size);
      const expected = Array.from({ length: size }, (_, n) => first + n);
      if (offsets.join() !== expected.join()) {
        throw new Error(`the events from ${first} on were given the offsets ${offsets.join()}`);
      }
      user.accepted = user.published;
      user.busy = false;
      tally.published += size;
    } catch (error) {
      // The user stays busy: no later event of theirs could be judged.
      tally.violation(`${user.persona.userId}: publishing failed: ${String(error)}`);
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Posts a batch, again under the same event ids if the answer gets lost. */
  async #post({ persona }: PublishedUser, first: number, size: number): Promise<readonly number[]> {
    const { url, tally } = this.#options;
    const body = JSON.stringify({ events: Array.from({ length: size }, (_, n) => eventAt(persona, first + n)) });
    for (let tries = 1; ; tries += 1) {
      try {
        const response = await fetch(`${url}/v1/users/${persona.userId}/events`, {
          method: 'POST',
          headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' },
          body,
          signal: AbortSignal.timeout(30_000),
        });
        const text = await response.text();
        if (response.ok) return (JSON.parse(text) as { offsets: readonly number[] }).offsets;
        if (response.status < 500 || tries === MAX_TRIES) throw new Error(`${response.status} ${text}`);
      } catch (error) {
        if (tries === MAX_TRIES || !(error instanceof TypeError || isTimeout(error))) throw error;
      }
      tally.publishRetries += 1;
      await sleep(RETRY_MS);
    }
  }
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
