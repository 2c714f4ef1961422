import { TokenBucket } from 'limiter';

export interface RateBucketsOptions {
  /** What each name may take per second, on average. */
  readonly perSecond: number;
  /** What a name that was quiet may take at once. */
  readonly burst: number;
  /** Whether the service is short of time or memory. Then nobody draws on a burst: who took most of late is refused first. */
  readonly isStrained?: () => boolean;
}

/** Buckets from which on those that are full are looked for. */
const MANY_BUCKETS = 1_000;

/** A token bucket for each name: of users, of API keys. A bucket that is full again is forgotten, it would be made the same. */
export class RateBuckets {
  readonly #options: RateBucketsOptions;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweepAt = MANY_BUCKETS;

  constructor(options: RateBucketsOptions) {
    this.#options = options;
  }

  /** Takes `amount` and answers 0, or takes nothing and answers after how many seconds, a whole number, there is room. */
  take(name: string, amount: number): number {
    const { perSecond, burst, isStrained } = this.#options;
    const bucket = this.#bucketOf(name);
    bucket.drip();
    // Where load is shed, a name has what a second brings. It waits until it has paid for the rest.
    const floor = isStrained?.() === true ? Math.max(0, burst - perSecond) : 0;
    // What is more than there is room for is taken from a full bucket, which owes the rest.
    const missing = Math.min(amount, burst - floor) + floor - bucket.content;
    if (missing > 0) return Math.max(1, Math.ceil(missing / perSecond));
    bucket.content -= amount;
    return 0;
  }

  /** Takes what is known only afterwards; a bucket may owe something then, and is refused until that is paid. */
  charge(name: string, amount: number): void {
    if (amount <= 0) return;
    const bucket = this.#bucketOf(name);
    bucket.drip();
    bucket.content -= amount;
  }

  #bucketOf(name: string): TokenBucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    if (this.#buckets.size >= this.#sweepAt) this.#sweep();
    const { perSecond, burst } = this.#options;
    const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: perSecond, interval: 'second' });
    bucket.content = burst;
    this.#buckets.set(name, bucket);
    return bucket;
  }

  #sweep(): void {
    for (const [name, bucket] of this.#buckets) {
      bucket.drip();
      if (bucket.content >= bucket.bucketSize) this.#buckets.delete(name);
    }
    // So that looking at all of them is rare, however many have something to pay.
    this.#sweepAt = Math.max(MANY_BUCKETS, 2 * this.#buckets.size);
  }
}
