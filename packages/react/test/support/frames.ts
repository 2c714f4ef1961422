import type { Schedule } from '../../src/store/schedule.ts';

/** Frames that come when a test says so. */
export class Frames {
  /** How many were asked for. */
  asked = 0;
  #due: (() => void)[] = [];

  readonly schedule: Schedule = (task) => {
    this.asked += 1;
    this.#due.push(task);
    return () => {
      this.#due = this.#due.filter((due) => due !== task);
    };
  };

  /** The frame comes. */
  show(): void {
    const due = this.#due;
    this.#due = [];
    for (const task of due) task();
  }
}
