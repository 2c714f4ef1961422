import type { PageInput } from './page-input.ts';
import { EMPTY_PAGE, reducePage, type PageState } from './page-state.ts';

/** Runs a task soon, and answers how to call it off. */
export type Schedule = (task: () => void) => () => void;

/** Holds the state of the page. Inputs are taken in at once and shown together, so that a long replay renders once. */
export class PageStore {
  readonly #schedule: Schedule;
  readonly #listeners = new Set<() => void>();
  #pending: PageInput[] = [];
  #state: PageState = EMPTY_PAGE;
  #callOff: (() => void) | null = null;

  constructor(schedule: Schedule) {
    this.#schedule = schedule;
  }

  readonly getState = (): PageState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(input: PageInput): void {
    this.#pending.push(input);
    this.#callOff ??= this.#schedule(() => this.flush());
  }

  /** Shows what was taken in. */
  flush(): void {
    this.#callOff?.();
    this.#callOff = null;
    const inputs = this.#pending;
    this.#pending = [];
    this.#state = inputs.reduce(reducePage, this.#state);
    for (const listener of [...this.#listeners]) listener();
  }
}
