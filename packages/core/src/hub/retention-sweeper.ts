import type { Timer } from '../clock.ts';
import type { ClockWatch } from '../clock-watch.ts';
import type { EventLog } from '../log/event-log.ts';
import type { LogCircuitBreaker } from '../modes/log-circuit-breaker.ts';
import type { StreamKey } from '../stream-key.ts';
import type { TimerWheel } from '../timer-wheel.ts';

export interface RetentionSweeperOptions {
  readonly log: EventLog;
  readonly watch: Pick<ClockWatch, 'cautiousNow'>;
  readonly wheel: TimerWheel;
  readonly breaker: Pick<LogCircuitBreaker, 'isClosed'>;
  /** Age from which an event may go, in milliseconds. */
  readonly maxAgeMs: number;
  readonly onError: (error: unknown) => void;
  /** Lets go of what a stream no longer needs to keep. */
  readonly trim: (stream: StreamKey) => Promise<void>;
}

/** Streams looked at in one round, so that a million forgotten ones are no wave of work. */
const ROUND = 50;
const BETWEEN_ROUNDS_MS = 1_000;
const HOUR_MS = 3_600_000;

/**
 * Sees to it that what is too old goes also from streams that nobody comes back to. Appends and loads look after their own
 * streams; this one asks the log, now and then, which others there are.
 */
export class RetentionSweeper {
  readonly #options: RetentionSweeperOptions;
  readonly #everyMs: number;
  #timer: Timer | undefined;

  constructor(options: RetentionSweeperOptions) {
    this.#options = options;
    this.#everyMs = Math.min(HOUR_MS, options.maxAgeMs);
    if (options.log.aged !== undefined) this.#plan(this.#everyMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #plan(ms: number): void {
    this.#timer = this.#options.wheel.after(ms, () => void this.#round());
  }

  async #round(): Promise<void> {
    let isMore = false;
    try {
      if (this.#options.breaker.isClosed) isMore = await this.#sweepSome();
    } catch (error) {
      this.#options.onError(error);
    }
    if (this.#timer !== undefined) this.#plan(isMore ? BETWEEN_ROUNDS_MS : this.#everyMs);
  }

  /** True if there may be more. A stream that can't be trimmed is tried again, but not all the time. */
  async #sweepSome(): Promise<boolean> {
    const { log, watch, maxAgeMs, trim, onError } = this.#options;
    const aged = (await log.aged?.(watch.cautiousNow(maxAgeMs) - maxAgeMs, ROUND)) ?? [];
    let trimmed = 0;
    for (const stream of aged) {
      try {
        await trim(stream);
        trimmed += 1;
      } catch (error) {
        onError(error);
      }
    }
    return trimmed > 0;
  }
}
