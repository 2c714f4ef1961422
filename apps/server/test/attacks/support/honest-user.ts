import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import { note } from '../../support/events.ts';
import { Peer } from '../../support/peer.ts';
import type { Target } from './target.ts';

const NAME = 'honest';
/** Pace of what is published for the honest user: the rest of the time is the attacker's. */
const EVERY_MS = 10;

/** Somebody who only reads, and a back end that publishes to them, while others attack. */
export class HonestUser {
  readonly #target: Target;
  readonly #peer: Peer;

  private constructor(target: Target, peer: Peer) {
    this.#target = target;
    this.#peer = peer;
  }

  static async connect(target: Target): Promise<HonestUser> {
    return new HonestUser(target, await Peer.ready(target.url, { token: await target.token(NAME) }));
  }

  /** Publishes to the user as long as an attack goes on, and sees that the one connection gets each event, once and in order. */
  async isServedDuring(attack: Promise<void>): Promise<void> {
    let isOver = false;
    const outcome = attack.then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    void outcome.then(() => (isOver = true));
    const published: number[] = [];
    do {
      published.push(await this.#publish(published.length));
      await pause(EVERY_MS);
    } while (!isOver);
    published.push(await this.#publish(published.length));
    const failure = await outcome;
    if (failure !== undefined) throw failure.error;
    const [first = 0] = published;
    const last = published.at(-1);
    await this.#peer.until(() => this.#peer.events.some(({ offset }) => offset === last), 'all that was published');
    expect(this.#peer.events.map(({ offset }) => offset).filter((offset) => offset >= first)).toEqual(published);
    expect(this.#peer.closed).toBeUndefined();
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
