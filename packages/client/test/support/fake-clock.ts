import type { Clock, Timer } from '../../src/clock.ts';
import { settle } from './settle.ts';

/** Time that stands still until a test moves it. */
export class FakeClock implements Clock {
  #now = 0;
  /** How far the wall clock is ahead. */
  #wall = 1_790_000_000_000;
  #nextId = 0;
  readonly #timers = new Map<number, { readonly at: number; readonly task: () => void }>();

  now(): number {
    return this.#now + this.#wall;
  }

  monotonic(): number {
    return this.#now;
  }

  after(ms: number, task: () => void): Timer {
    const id = this.#nextId++;
    this.#timers.set(id, { at: this.#now + ms, task });
    return { cancel: () => void this.#timers.delete(id) };
  }

  /** How many timers are set. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Moves time on, running what falls due in its order, with whatever that starts. */
  async advance(ms: number): Promise<void> {
    await settle();
    const until = this.#now + ms;
    for (let due = this.#due(until); due !== undefined; due = this.#due(until)) {
      const [id, timer] = due;
      this.#timers.delete(id);
      this.#now = Math.max(this.#now, timer.at);
      timer.task();
      await settle();
    }
    this.#now = until;
  }

  /** A page that was throttled, or a machine that slept and counts that: time has passed, and no timer ran. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /** The wall clock is set, or the machine slept and does not count that. */
  step(ms: number): void {
    this.#wall += ms;
  }

  #due(until: number) {
    return [...this.#timers]
      .filter(([, { at }]) => at <= until)
      .sort(([a, { at: atA }], [b, { at: atB }]) => atA - atB || a - b)[0];
  }
}
