import { setTimeout as wait } from 'node:timers/promises';
import type { LocalCluster } from '../cluster/local-cluster.ts';
import type { RedisProcess } from '../server/redis-process.ts';
import type { Dice } from '../random.ts';

export interface FaultsOptions {
  readonly cluster: LocalCluster;
  readonly redis: RedisProcess;
  readonly dice: Dice;
  /** How fast one fault follows the other, and how soon what is away is back: 1 is as stated below, 3 three times as fast. */
  readonly pace: number;
  /** Called with each fault as it begins. */
  readonly onFault: (what: string) => void;
}

const KINDS = ['kill', 'drain', 'redis restart', 'redis freeze', 'cut', 'stall'] as const;

type Kind = (typeof KINDS)[number];

/** From one fault to the next, in milliseconds. */
const PAUSE_MS = [500, 3_000] as const;
/** How long a server stays away, Redis stays away, and nothing gets through on a connection. */
const NODE_AWAY_MS = [0, 3_000] as const;
const REDIS_AWAY_MS = [100, 4_000] as const;
const STALL_MS = [500, 8_000] as const;

/** Everything that goes wrong with a cluster, in a random order that a seed brings again. */
export class Faults {
  readonly #options: FaultsOptions;
  /** What is left of the kinds until each has had its turn. */
  #deck: Kind[] = [];
  /** Nodes that are away, or on their way back. */
  readonly #away = new Set<number>();
  #isRedisAway = false;
  readonly #mending = new Set<Promise<void>>();
  readonly #counts = new Map<Kind, number>();
  #failure: Error | undefined;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  /** How often each kind has come about. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** Lets things go wrong for a while, at least until each kind has had its turn; then waits until everything is mended. */
  async run(ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end || this.#counts.size < KINDS.length) {
      await this.#next();
      await wait(this.#time(PAUSE_MS));
      if (this.#failure !== undefined) break;
    }
    while (this.#mending.size > 0) await Promise.all(this.#mending);
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #next(): Promise<void> {
    const { dice } = this.#options;
    if (this.#deck.length === 0) this.#deck = [...KINDS];
    const kind = dice.pick(this.#deck);
    if (!this.#begin(kind)) {
      // Its turn comes when what it needs is back.
      await Promise.race(this.#mending);
      return;
    }
    this.#deck.splice(this.#deck.indexOf(kind), 1);
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Makes something go wrong now. False if it can't be had: one server stays up, and Redis fails once at a time. */
  #begin(kind: Kind): boolean {
    const { onFault } = this.#options;
    switch (kind) {
      case 'kill':
      case 'drain': {
        const node = this.#nodeToLose();
        if (node === undefined) return false;
        onFault(`${kind} node ${node}`);
        this.#mend(this.#loseNode(node, kind, this.#time(NODE_AWAY_MS)));
        return true;
      }
      case 'redis restart':
      case 'redis freeze': {
        if (this.#isRedisAway) return false;
        const ms = this.#time(REDIS_AWAY_MS);
        onFault(`${kind}, away for ${ms} ms`);
        this.#mend(kind === 'redis restart' ? this.#restartRedis(ms) : this.#freezeRedis(ms));
        return true;
      }
      case 'cut':
      case 'stall':
        this.#disturbConnections(kind);
        return true;
    }
  }

  /** A random time out of a range, in milliseconds. */
  #time([least, most]: readonly [number, number]): number {
    const { dice, pace } = this.#options;
    return Math.round(dice.between(least, most) / pace);
  }

  #disturbConnections(kind: 'cut' | 'stall'): void {
    const { cluster, dice, onFault } = this.#options;
    // Now and then all of them.
    const share = dice.share() < 0.2 ? 1 : dice.share();
    const isChosen = () => dice.share() < share;
    const { balancer } = cluster;
    const count = kind === 'cut' ? balancer.cut(isChosen) : balancer.stall(isChosen, this.#time(STALL_MS));
    onFault(`${kind} ${count} connections`);
  }

  #nodeToLose(): number | undefined {
    const { cluster, dice } = this.#options;
    const up = cluster.nodeUrls.map((_, node) => node).filter((node) => !this.#away.has(node));
    return up.length > 1 ? dice.pick(up) : undefined;
  }

  async #loseNode(node: number, kind: 'kill' | 'drain', awayMs: number): Promise<void> {
    const { cluster } = this.#options;
    this.#away.add(node);
    await (kind === 'kill' ? cluster.killNode(node) : cluster.drainNode(node));
    await wait(awayMs);
    await cluster.startNode(node);
    this.#away.delete(node);
  }

  async #restartRedis(awayMs: number): Promise<void> {
    const { redis } = this.#options;
    this.#isRedisAway = true;
    await redis.kill();
    await wait(awayMs);
    await redis.start();
    this.#isRedisAway = false;
  }

  async #freezeRedis(ms: number): Promise<void> {
    const { redis } = this.#options;
    this.#isRedisAway = true;
    redis.freeze();
    await wait(ms);
    redis.thaw();
    this.#isRedisAway = false;
  }

  #mend(work: Promise<void>): void {
    const mended = work
      .catch((error: unknown) => {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
      })
      .finally(() => this.#mending.delete(mended));
    this.#mending.add(mended);
  }
}
