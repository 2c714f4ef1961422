/** Watches that something goes on: tells after each further stretch of silence, and gives up after the longest. */
export class Silence {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #silentMs = 0;

  /** `onStretch` is called for every stretch that passes in silence. */
  constructor(stretchMs: number, longestMs: number, onStretch: () => void) {
    this.#timer = setInterval(() => {
      this.#silentMs += stretchMs;
      if (this.#silentMs >= longestMs) this.#controller.abort();
      else onStretch();
    }, stretchMs);
  }

  /** Aborted once the silence was too long. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#silentMs = 0;
    this.#timer.refresh();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
