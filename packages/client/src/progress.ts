import type { Offset, StreamPosition } from '@ws/types';
import type { Clock, Timer } from './clock.ts';

export interface ProgressSettings {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** Sends an `ack` frame; `false` where there is no connection to send it on. */
  readonly ack: (offset: Offset) => boolean;
  readonly save: (position: StreamPosition) => void;
}

/** What the application has processed: acknowledged and saved, seldom enough to cost nothing. */
export class Progress {
  readonly #settings: ProgressSettings;
  #processed: StreamPosition | null = null;
  #acked: Offset = 0;
  #saved: StreamPosition | null = null;
  #timer: Timer | null = null;

  constructor(settings: ProgressSettings) {
    this.#settings = settings;
  }

  /** Everything up to here is processed. Earlier places in the same epoch change nothing. */
  advance(position: StreamPosition): void {
    const before = this.#processed;
    if (before?.epoch === position.epoch && position.offset <= before.offset) return;
    this.#processed = position;
    this.#timer ??= this.#settings.clock.after(this.#settings.intervalMs, () => this.flush());
  }

  /** A connection starts at `position`: the server knows that much. After a reset what was processed before is void. */
  start(position: StreamPosition, reset: boolean): void {
    this.#acked = position.offset;
    if (reset) this.#processed = null;
  }

  /** Acknowledges and saves what is due. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const processed = this.#processed;
    if (processed === null) return;
    if (processed.offset > this.#acked && this.#settings.ack(processed.offset)) this.#acked = processed.offset;
    if (processed !== this.#saved) {
      this.#saved = processed;
      this.#settings.save(processed);
    }
  }
}
