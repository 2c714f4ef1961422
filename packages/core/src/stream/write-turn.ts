/** Something that writes what waits in it. */
export interface Writer {
  write(): void;
}

/** Lets writers write when the code at hand is done, so that what is emitted in one go is written in one go: a microtask for all. */
export class WriteTurn {
  #due: Writer[] = [];
  readonly #run = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const writer of due) writer.write();
  };

  /** The caller sees to it that a writer is not due twice. */
  soon(writer: Writer): void {
    if (this.#due.push(writer) === 1) queueMicrotask(this.#run);
  }
}
