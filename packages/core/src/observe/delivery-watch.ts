import type { UserId } from '@ws/types';
import type { Clock } from '../clock.ts';
import type { LogEvent } from '../log/event-log.ts';
import { diagnose, isWatched } from './channels.ts';
import type { TimingSink } from './metrics.ts';

/** Measures how long the events of a stream wait until they are written to sockets, and tells tracers which they were. */
export class DeliveryWatch {
  readonly #userId: UserId;
  readonly #clock: Clock;
  readonly #onTiming: TimingSink | undefined;
  /** Timestamp of the first event that waits; 0 if none does. */
  #waitsSince = 0;
  #told: LogEvent[] = [];

  constructor(userId: UserId, clock: Clock, onTiming: TimingSink | undefined) {
    this.#userId = userId;
    this.#clock = clock;
    this.#onTiming = onTiming;
  }

  /** An event waits for the next delivery. */
  pushed(event: LogEvent): void {
    if (this.#waitsSince === 0) this.#waitsSince = event.timestamp;
    if (isWatched('agent-events:delivery')) this.#told.push(event);
  }

  /** Everything that waited was written to those connections that keep up. */
  delivered(connections: number): void {
    if (this.#waitsSince === 0) return;
    // Another process may have set the timestamp, by a clock that is ahead of this one.
    this.#onTiming?.('delivery', Math.max(0, this.#clock.now() - this.#waitsSince));
    this.#waitsSince = 0;
    if (this.#told.length === 0) return;
    const events = this.#told;
    this.#told = [];
    diagnose('agent-events:delivery', () => ({ userId: this.#userId, connections, events }));
  }
}
