import type { Clock } from '../clock.ts';

/** How much a peer may send. */
export interface InboundRates {
  /** Messages, pings and pongs per second. */
  readonly framesPerSecond: number;
  /** Bytes of messages per second. */
  readonly bytesPerSecond: number;
}

/** What a peer sent too much of. */
export type InboundExcess = 'frames' | 'bytes';

/** A peer that was quiet may send so many seconds' worth at once: what waited for a reconnect goes out together. */
export const BURST_SECONDS = 10;

/**
 * Two token buckets: they fill with time, each frame takes from them, and a frame for which nothing is left is one too many. Made for
 * every connection, so it is three numbers and no timer.
 */
export class InboundLimit {
  readonly #rates: InboundRates;
  readonly #clock: Pick<Clock, 'monotonic'>;
  #frames: number;
  #bytes: number;
  #filledAt: number;

  constructor(rates: InboundRates, clock: Pick<Clock, 'monotonic'>) {
    this.#rates = rates;
    this.#clock = clock;
    this.#frames = rates.framesPerSecond * BURST_SECONDS;
    this.#bytes = rates.bytesPerSecond * BURST_SECONDS;
    this.#filledAt = clock.monotonic();
  }

  /** Counts a frame. Tells what there was too much of, if there was. */
  take(bytes: number): InboundExcess | undefined {
    this.#fill();
    if (this.#frames < 1) return 'frames';
    if (this.#bytes < bytes) return 'bytes';
    this.#frames -= 1;
    this.#bytes -= bytes;
    return undefined;
  }

  #fill(): void {
    const now = this.#clock.monotonic();
    const seconds = (now - this.#filledAt) / 1_000;
    this.#filledAt = now;
    const { framesPerSecond, bytesPerSecond } = this.#rates;
    this.#frames = Math.min(this.#frames + seconds * framesPerSecond, framesPerSecond * BURST_SECONDS);
    this.#bytes = Math.min(this.#bytes + seconds * bytesPerSecond, bytesPerSecond * BURST_SECONDS);
  }
}
