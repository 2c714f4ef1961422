/** Measures how long the server takes to answer a ping. */
export class RoundTrip {
  readonly #send: (text: string) => void;
  readonly #measured: (ms: number) => void;
  #count = 0;
  #sentAt: number | null = null;

  constructor(send: (text: string) => void, measured: (ms: number) => void) {
    this.#send = send;
    this.#measured = measured;
  }

  ping(): void {
    this.#count += 1;
    this.#sentAt = performance.now();
    this.#send(JSON.stringify({ type: 'ping', id: this.#id }));
  }

  pong(id: string): void {
    if (id !== this.#id || this.#sentAt === null) return;
    this.#measured(performance.now() - this.#sentAt);
    this.#sentAt = null;
  }

  get #id(): string {
    return `round-trip-${this.#count}`;
  }
}
