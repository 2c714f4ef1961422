import type { UserId } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { ClockWatch } from '../clock-watch.ts';
import type { LogEvent } from '../log/event-log.ts';
import { diagnose, isWatched } from './channels.ts';
import type { TimingSink } from './metrics.ts';

/** A delivery that seems to have taken so long makes sure first that it was not the clock that moved. */
const SUSPICIOUS_MS = 1_000;

export interface DeliveryClocks {
  readonly clock: Pick<Clock, 'now'>;
  readonly watch: Pick<ClockWatch, 'look' | 'steps'>;
}

/** Measures how long the events of a stream wait until they are written to sockets, and tells tracers which they were. */
export class DeliveryWatch {
  readonly #userId: UserId;
  readonly #clocks: DeliveryClocks;
  readonly #onTiming: TimingSink | undefined;
  /** Timestamp of the first event that waits; 0 if none does. */
  #waitsSince = 0;
  #stepsThen = 0;
  #told: LogEvent[] = [];

  constructor(userId: UserId, clocks: DeliveryClocks, onTiming: TimingSink | undefined) {
    this.#userId = userId;
    this.#clocks = clocks;
    this.#onTiming = onTiming;
  }

  /** An event waits for the next delivery. */
  pushed(event: LogEvent): void {
    if (this.#waitsSince === 0) {
      this.#waitsSince = event.timestamp;
      this.#stepsThen = this.#clocks.watch.steps;
    }
    if (isWatched('agent-events:delivery')) this.#told.push(event);
  }

  /** Everything that waited was written to those connections that keep up. */
  delivered(connections: number): void {
    if (this.#waitsSince === 0) return;
    if (this.#onTiming !== undefined) this.#measure(this.#onTiming);
    this.#waitsSince = 0;
    if (this.#told.length === 0) return;
    const events = this.#told;
    this.#told = [];
    diagnose('agent-events:delivery', () => ({ userId: this.#userId, connections, events }));
  }

  #measure(onTiming: TimingSink): void {
    const { clock, watch } = this.#clocks;
    const waitedMs = clock.now() - this.#waitsSince;
    if (waitedMs >= SUSPICIOUS_MS) watch.look();
    // Another process may have set the timestamp, by a clock that is ahead of this one.
    if (watch.steps === this.#stepsThen) onTiming('delivery', Math.max(0, waitedMs));
  }
}
