import type { ServerResponse } from 'node:http';
import { WebSocketError } from '@ws/types';
import { Places } from './places.ts';
import { RateBuckets } from './rate-buckets.ts';
import type { Turns } from './turns.ts';

export interface PublishLimitOptions {
  /** Events that a key may publish per second, on average. */
  readonly eventsPerSecond: number;
  /** Bytes of bodies that a key may publish per second, on average. */
  readonly bytesPerSecond: number;
  /** Length of the largest body that is taken. */
  readonly maxBodyBytes: number;
  /** Whether the service is short of time or memory. */
  readonly isStrained: () => boolean;
  readonly turns: Turns;
  readonly onRefused: (limit: 'publish_rate' | 'publish_bytes' | 'large_publishes') => void;
}

/** Most events of one request. */
export const MAX_EVENTS = 1_000;
/** A key that was quiet may publish so many seconds' worth at once. */
const BURST_SECONDS = 10;
/** Reading a body of so many bytes takes time that others miss. */
const LARGE_BYTES = 65_536;
/** Large bodies of a key that are in memory at a time. */
const MAX_LARGE = 16;

/** A request that publishes, before its body is read. */
export interface PublishRequest {
  readonly keyId: string;
  /** `Content-Length`; absent where the body comes in chunks. */
  readonly length: number | undefined;
  readonly response: ServerResponse;
}

/** Holds each API key to so many events and bytes per second, and lets the large bodies of keys have their turn in rotation. */
export class PublishLimit {
  readonly #options: PublishLimitOptions;
  readonly #events: RateBuckets;
  readonly #bytes: RateBuckets;
  readonly #large = new Places(MAX_LARGE);

  constructor(options: PublishLimitOptions) {
    const { eventsPerSecond, bytesPerSecond, maxBodyBytes, isStrained } = options;
    this.#options = options;
    // A full request must fit, or it could never be made.
    const burst = (perSecond: number, full: number): number => Math.max(perSecond * BURST_SECONDS, full);
    this.#events = new RateBuckets({ perSecond: eventsPerSecond, burst: burst(eventsPerSecond, MAX_EVENTS) });
    this.#bytes = new RateBuckets({
      perSecond: bytesPerSecond,
      burst: burst(bytesPerSecond, maxBodyBytes),
      isStrained,
    });
  }

  /**
   * Counts a request before its body is read. Answers what has to be called with the body when it is there and not parsed yet: a large
   * one waits for the turn of its key, which lasts until the request is answered.
   *
   * @throws `RATE_LIMITED`, saying in `details` after how many seconds there is room
   */
  begin({ keyId, length, response }: PublishRequest): (bodyBytes: number) => Promise<void> {
    const { bytesPerSecond, maxBodyBytes, turns } = this.#options;
    // A body over the limit is refused unread: it costs its key nothing, however much it claims to be.
    const wait = this.#bytes.take(keyId, length === undefined || length > maxBodyBytes ? 0 : length);
    if (wait > 0)
      this.#refuse('publish_bytes', wait, `the API key ${keyId} may publish ${bytesPerSecond} bytes per second`);
    // A client that leaves gives back its place at once, while its body waits for the turn: both are counted.
    const isFull = (): boolean => turns.waitingOf(keyId) >= MAX_LARGE || !this.#large.take(keyId, response);
    if ((length ?? Infinity) >= LARGE_BYTES && isFull()) {
      this.#refuse('large_publishes', 1, `the API key ${keyId} has ${MAX_LARGE} large requests under way`);
    }
    return async (bodyBytes) => {
      if (length === undefined) this.#bytes.charge(keyId, bodyBytes);
      if (bodyBytes < LARGE_BYTES) return;
      const endTurn = await turns.enter(keyId);
      if (response.destroyed) {
        endTurn(false);
        throw new WebSocketError('BAD_REQUEST', 'the client left before its events were read');
      }
      response.once('close', () => endTurn(true));
    };
  }

  /** Counts the events of a request. Throws `RATE_LIMITED`, saying in `details` after how many seconds there is room. */
  take(keyId: string, events: number): void {
    const wait = this.#events.take(keyId, events);
    if (wait === 0) return;
    const what = `the API key ${keyId} may publish ${this.#options.eventsPerSecond} events per second`;
    this.#refuse('publish_rate', wait, what);
  }

  #refuse(limit: 'publish_rate' | 'publish_bytes' | 'large_publishes', retryAfterSeconds: number, what: string): never {
    this.#options.onRefused(limit);
    throw new WebSocketError('RATE_LIMITED', `${what}: slow down`, { details: { retryAfterSeconds } });
  }
}
