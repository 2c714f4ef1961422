/** Runs what concerns the same key one after the other, in the order asked for. */
export class Serial<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  run<Value>(key: Key, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    this.#last.set(key, mine);
    const done = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
    };
    mine.then(done, done);
    return mine;
  }
}
