import { isWebSocketError, type ErrorCode } from '@ws/types';
import type { Timer } from '../clock.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { EventLog } from '../log/event-log.ts';

export interface LogCircuitBreakerOptions {
  readonly log: Pick<EventLog, 'healthy' | 'name'>;
  readonly wheel: TimerWheel;
  /** The log was lost; told once per outage. */
  readonly onLost: (reason: string) => void;
  /** The log is back. */
  readonly onBack: (reason: string) => void;
}

const PROBE_MS = 250;
/** Good probes in a row before the log is trusted again: a log that flaps does not make the mode flap. */
const GOOD_PROBES = 2;

/** Faults that pass: the event can be written later. A damaged or closed log is not among them. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['LOG_UNAVAILABLE', 'LOG_FULL']);

/**
 * The circuit breaker before the log. The first fault that may pass opens it for every stream, so that an outage is noticed once and not by
 * a thousand timeouts. Probes close it again.
 */
export class LogCircuitBreaker {
  readonly #options: LogCircuitBreakerOptions;
  #waiting: (() => void)[] = [];
  #timer: Timer | undefined;
  #goodProbes = 0;
  #outage: ErrorCode = 'LOG_UNAVAILABLE';

  constructor(options: LogCircuitBreakerOptions) {
    this.#options = options;
  }

  /** As of a circuit: closed, the log is in use; open, it is unavailable. */
  get isClosed(): boolean {
    return this.#timer === undefined;
  }

  /** Why the log was lost last: `LOG_UNAVAILABLE`, or `LOG_FULL` where it is there and has no room. */
  get outage(): ErrorCode {
    return this.#outage;
  }

  /** Judges an error of the log. True: it is an outage, the breaker is open, wait for {@link whenClosed} and try again. */
  isOutage(error: unknown): boolean {
    if (!isWebSocketError(error) || !OUTAGES.has(error.code)) return false;
    this.#goodProbes = 0;
    this.#outage = error.code;
    if (this.isClosed) {
      this.#planProbe();
      this.#options.onLost(error.message);
    }
    return true;
  }

  /** Resolves when the log is back. */
  whenClosed(): Promise<void> {
    if (this.isClosed) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Stops probing. Those who wait are let go: what they try next fails with the closed log's error. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#release();
  }

  #planProbe(): void {
    this.#timer = this.#options.wheel.after(PROBE_MS, () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const healthy = await this.#options.log.healthy();
    if (this.#timer === undefined) return;
    this.#goodProbes = healthy ? this.#goodProbes + 1 : 0;
    if (this.#goodProbes < GOOD_PROBES) {
      this.#planProbe();
      return;
    }
    this.#timer = undefined;
    this.#options.onBack(`the ${this.#options.log.name} log is back`);
    this.#release();
  }

  #release(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
