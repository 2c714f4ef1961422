import type { Dice } from '../random.ts';
import type { Publisher } from './publisher.ts';
import type { Loss, Memory } from './tab.ts';
import { count, type Tally } from './tally.ts';
import type { User } from './user.ts';

export interface DisturbancesOptions {
  readonly users: readonly User[];
  readonly publisher: Publisher;
  readonly tally: Tally;
  readonly dice: Dice;
}

const TICK_MS = 100;
/** How often a user is disturbed, on average. */
const EVERY_MS = 40_000;
const KINDS = { close: 30, reset: 25, cut: 15, abandon: 8, stall: 17, stale: 3, fresh: 2 } as const;
/** Share of losses that hit all tabs of a user at once: the device lost its network. */
const WHOLE_DEVICE = 0.5;
const LONG_ABSENCE = 0.1;

/** A heavy user's first tab stops reading for this long, and much is published meanwhile: more than socket buffers take. */
const FLOOD_EVERY_MS = 10_000;
const FLOOD_MS = 8_000;
const FLOOD_BATCH = 16;
const FLOOD_PAUSE_MS = 20;

/** Everything that goes wrong between a server and its clients, at seeded random moments. */
export class Disturbances {
  readonly #options: DisturbancesOptions;
  #timers: NodeJS.Timeout[] = [];

  constructor(options: DisturbancesOptions) {
    this.#options = options;
  }

  start(): void {
    const { users, dice } = this.#options;
    const perTick = (users.length * TICK_MS) / EVERY_MS;
    let due = 0;
    const disturb = (): void => {
      for (due += perTick; due >= 1; due -= 1) this.#disturb(dice.pick(users));
    };
    const heavy = users.filter((user) => user.heavy);
    const flood = (): void => void this.#flood(dice.pick(heavy));
    this.#timers = [setInterval(disturb, TICK_MS), setInterval(flood, FLOOD_EVERY_MS)];
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #disturb(user: User): void {
    const { dice, tally } = this.#options;
    const kind = dice.weighted(KINDS);
    count(tally.disturbances, kind);
    if (kind === 'stall') {
      dice.pick(user.tabs).stall(dice.between(1_000, 6_000));
      return;
    }
    const backAfterMs = dice.share() < LONG_ABSENCE ? dice.between(8_000, 20_000) : dice.between(0, 3_000);
    const memory: Memory = kind === 'stale' ? 'stale' : kind === 'fresh' ? 'none' : 'kept';
    const how: Loss = kind === 'stale' || kind === 'fresh' ? 'close' : kind;
    if (kind === 'fresh') {
      // Only a tab beside another one: somebody has to have seen everything.
      if (user.tabs.length > 1) user.tabs.at(-1)?.lose(how, backAfterMs, memory);
    } else if (dice.share() < WHOLE_DEVICE) {
      for (const tab of user.tabs) tab.lose(how, backAfterMs, memory);
    } else {
      dice.pick(user.tabs).lose(how, backAfterMs, memory);
    }
  }

  /** More than the socket's buffers and the server's budget take, on a socket that nobody reads. */
  async #flood(user: User): Promise<void> {
    const { publisher, tally } = this.#options;
    count(tally.disturbances, 'flood');
    user.tabs[0]?.stall(FLOOD_MS);
    const end = performance.now() + FLOOD_MS;
    while (performance.now() < end) {
      if (!user.busy) await publisher.publish(user, FLOOD_BATCH);
      await new Promise((resolve) => setTimeout(resolve, FLOOD_PAUSE_MS));
    }
  }
}
