import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { note } from '../../support/events.ts';
import { Peer } from '../../support/peer.ts';
import type { Target } from './target.ts';

const NAME = 'honest';
/** Pace of what is published for the honest user: the rest of the time is the attacker's. */
const EVERY_MS = 10;
/** Events by which the delivery of a server is measured that nobody attacks. */
const CALM_EVENTS = 50;

/** Somebody who only reads, and a back end that publishes to them, while others attack. */
export class HonestUser {
  readonly #target: Target;
  readonly #peer: Peer;
  /** When each event arrived, by its offset. */
  readonly #arrivals = new Map<number, number>();

  private constructor(target: Target, peer: Peer) {
    this.#target = target;
    this.#peer = peer;
    peer.socket.on('message', () => {
      const { offset } = peer.events.at(-1) ?? {};
      if (offset !== undefined) this.#arrivals.set(offset, performance.now());
    });
  }

  static async connect(target: Target): Promise<HonestUser> {
    return new HonestUser(target, await Peer.ready(target.url, { token: await target.token(NAME) }));
  }

  /** How long an event takes to the user while nobody attacks: the median, in milliseconds. */
  async calmMedian(): Promise<number> {
    let left = CALM_EVENTS;
    return this.#isServedWhile(() => (left -= 1) > 0);
  }

  /**
   * Publishes to the user as long as an attack goes on, and sees that the one connection gets each event, once and in order. Answers how
   * long an event took from its publisher to the user: the median, in milliseconds.
   */
  async isServedDuring(attack: Promise<void>): Promise<number> {
    let isOver = false;
    const outcome = attack.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    void outcome.then(() => (isOver = true));
    const median = await this.#isServedWhile(() => !isOver);
    const failure = await outcome;
    if (failure !== undefined) throw failure.error;
    return median;
  }

  async #isServedWhile(isGoingOn: () => boolean): Promise<number> {
    const published: number[] = [];
    const sentAt: number[] = [];
    const publish = async (): Promise<void> => {
      sentAt.push(performance.now());
      published.push(await this.#publish(published.length));
    };
    do {
      await publish();
      await pause(EVERY_MS);
    } while (isGoingOn());
    await publish();
    const [first = 0] = published;
    const last = published.at(-1);
    await this.#peer.until(() => this.#peer.events.some(({ offset }) => offset === last), 'all that was published');
    expect(this.#peer.events.map(({ offset }) => offset).filter((offset) => offset >= first)).toEqual(published);
    expect(this.#peer.closed).toBeUndefined();
    return median(published.map((offset, n) => (this.#arrivals.get(offset) ?? NaN) - (sentAt[n] ?? NaN)));
  }

  leave(): void {
    this.#peer.socket.terminate();
  }

  async #publish(n: number): Promise<number> {
    const { status, body, text } = await this.#target.publish(NAME, [note(n)]);
    expect({ status, text }).toMatchObject({ status: 200 });
    const [offset] = body['offsets'] as readonly [number];
    return offset;
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
