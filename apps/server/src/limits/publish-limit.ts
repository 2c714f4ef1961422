import { TokenBucket } from 'limiter';
import { WebSocketError } from '@ws/types';

export interface PublishLimitOptions {
  /** Events that a key may publish per second, on average. */
  readonly eventsPerSecond: number;
  readonly onRefused: () => void;
}

/** Most events of one request. */
export const MAX_EVENTS = 1_000;
/** A key that was quiet may publish so many seconds' worth at once. */
const BURST_SECONDS = 10;

/** Holds each API key to so many events per second. */
export class PublishLimit {
  readonly #options: PublishLimitOptions;
  // As many as there are keys: names that nobody has given are never looked up.
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(options: PublishLimitOptions) {
    this.#options = options;
  }

  /** Counts events of a key. Throws `RATE_LIMITED`, saying in `details` after how many seconds there is room. */
  take(keyId: string, events: number): void {
    const bucket = this.#bucketOf(keyId);
    if (bucket.tryRemoveTokens(events)) return;
    this.#options.onRefused();
    const retryAfterSeconds = Math.ceil(bucket.getWaitTime(events) / 1_000);
    const message = `the API key ${keyId} may publish ${this.#options.eventsPerSecond} events per second: slow down`;
    throw new WebSocketError('RATE_LIMITED', message, { details: { retryAfterSeconds } });
  }

  #bucketOf(keyId: string): TokenBucket {
    const known = this.#buckets.get(keyId);
    if (known !== undefined) return known;
    const { eventsPerSecond } = this.#options;
    // A full request must fit, or it could never be made.
    const bucketSize = Math.max(eventsPerSecond * BURST_SECONDS, MAX_EVENTS);
    const bucket = new TokenBucket({ bucketSize, tokensPerInterval: eventsPerSecond, interval: 'second' });
    bucket.content = bucketSize;
    this.#buckets.set(keyId, bucket);
    return bucket;
  }
}
