/** Questions to another process, and who waits for the answers. */
export class Questions<Answer> {
  readonly #waiting = new Map<number, (answer: Answer | undefined) => void>();
  readonly #patienceMs: number;
  #asked = 0;

  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  /**
   * Asks. Resolves with the answer, or with `undefined` where none came in time.
   *
   * @param send - given the number that the answer will name
   */
  ask(send: (id: number) => void): Promise<Answer | undefined> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.answered(id, undefined), this.#patienceMs);
      this.#waiting.set(id, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      send(id);
    });
  }

  answered(id: number, answer: Answer | undefined): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  /** Nobody is left who could answer. */
  giveUp(): void {
    for (const id of this.#waiting.keys()) this.answered(id, undefined);
  }
}
