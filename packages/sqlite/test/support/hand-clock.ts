import { systemClock, type Clock } from '@ws/core/log';

/** A clock whose `soon` waits until it is told; its timers are the machine's. */
export class HandClock implements Pick<Clock, 'soon' | 'after' | 'now'> {
  readonly now = (): number => Date.now();
  readonly after: Clock['after'] = (ms, task) => systemClock.after(ms, task);
  #tasks: (() => void)[] = [];

  get waiting(): number {
    return this.#tasks.length;
  }

  soon(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Runs what waits, not what that asks for. */
  turn(): void {
    const tasks = this.#tasks;
    this.#tasks = [];
    for (const task of tasks) task();
  }
}
