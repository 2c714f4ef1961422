import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import type { HonestSetUp, Served } from './honest-thread.ts';
import type { Target } from './target.ts';

const NAME = 'honest';
/** How long deliveries are measured before an attack, in milliseconds. */
const CALM_MS = 750;

/** Somebody who only reads, and a back end that publishes to them, while others attack: in a thread of their own. */
export class HonestUser {
  readonly #thread: Worker;

  private constructor(thread: Worker) {
    this.#thread = thread;
  }

  static async connect(target: Target): Promise<HonestUser> {
    const { url, honestKey: key } = target;
    const workerData: HonestSetUp = { url, userId: NAME, token: await target.token(NAME), key };
    const thread = new Worker(new URL('honest-thread.ts', import.meta.url), { workerData });
    await once(thread, 'message');
    return new HonestUser(thread);
  }

  /** How long an event takes to the user while nobody attacks: the median, in milliseconds. */
  async calmMedian(): Promise<number> {
    return this.isServedDuring(pause(CALM_MS));
  }

  /**
   * Publishes to the user as long as an attack goes on, and sees that the one connection gets each event, once and in order. Answers how
   * long an event took from its publisher to the user: the median, in milliseconds.
   */
  async isServedDuring(attack: Promise<void>): Promise<number> {
    this.#thread.postMessage('begin');
    const outcome = once(this.#thread, 'message') as Promise<[Served]>;
    try {
      await attack;
    } finally {
      this.#thread.postMessage('end');
    }
    const [{ fault, medianMs }] = await outcome;
    expect(fault).toBeUndefined();
    return medianMs;
  }

  async leave(): Promise<void> {
    await this.#thread.terminate();
  }
}
