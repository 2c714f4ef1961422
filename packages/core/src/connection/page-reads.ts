/** Pages read from the log at once: more would hold up what live users append there. */
const AT_ONCE = 8;

/** Lets a few connections at a time read the log, in the order they asked: a thousand that come back at once all want to. */
export class PageReads {
  #reading = 0;
  #waiting: (() => void)[] = [];

  /** Starts `read` when it has its turn, and settles as it does. */
  async inTurn<Page>(read: () => Promise<Page>): Promise<Page> {
    if (this.#reading >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#reading += 1;
    try {
      return await read();
    } finally {
      // Who waits takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#reading -= 1;
      else next();
    }
  }
}
