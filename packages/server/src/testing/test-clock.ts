import { FakeClock } from '@ws/core/testing';

/** Turns of the event loop in a row in which nothing arrives anywhere: a few, because a message passes through several before it shows. */
const QUIET_TURNS = 4;

/**
 * The clock of a test server and of its clients: time stands still until it is moved, while messages arrive as ever. Moving it waits for
 * what falls due to reach the other side before more time passes.
 *
 * @example
 * ```ts
 * const clock = new TestClock();
 * const server = await createTestServer({ clock, onUserMessage });
 * await clock.advance(60_000); // a minute of heartbeats
 * ```
 */
export class TestClock extends FakeClock {
  #happened = 0;

  /** Something is on its way: {@link settle} waits for what comes of it. */
  happened(): void {
    this.#happened += 1;
  }

  override soon(task: () => void): void {
    this.happened();
    setImmediate(task);
  }

  override async settle(): Promise<void> {
    let seen: number;
    do {
      seen = this.#happened;
      for (let turn = 0; turn < QUIET_TURNS; turn += 1) await super.settle();
    } while (seen !== this.#happened);
  }
}
