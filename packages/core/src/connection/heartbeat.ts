import type { Clock, Timer } from '../clock.ts';
import type { TimerWheel } from '../timer-wheel.ts';
import type { ConnectionSocket } from './connection-socket.ts';

/**
 * Pings a peer every interval, and reports when nothing came from it for two. A process that stood still for minutes has sent no ping
 * meanwhile, so it pings the peer once more, which then has an interval to answer.
 */
export class Heartbeat {
  readonly #socket: ConnectionSocket;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #intervalMs: number;
  readonly #onSilence: () => void;
  readonly #beat = (): void => this.#check();
  /** On the monotonic clock. */
  #heardAt: number;
  /** Whether a ping was sent since. */
  #isAsked = false;
  #timer: Timer;

  constructor(socket: ConnectionSocket, clock: Clock, wheel: TimerWheel, intervalMs: number, onSilence: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#wheel = wheel;
    this.#intervalMs = intervalMs;
    this.#onSilence = onSilence;
    this.#heardAt = clock.monotonic();
    this.#timer = wheel.after(intervalMs, this.#beat);
  }

  /** Something arrived: the peer is there. */
  heard(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#isAsked = false;
  }

  stop(): void {
    this.#timer.cancel();
  }

  #check(): void {
    if (this.#isAsked && this.#clock.monotonic() - this.#heardAt >= 2 * this.#intervalMs) {
      this.#onSilence();
      return;
    }
    this.#isAsked = true;
    this.#socket.ping();
    this.#timer = this.#wheel.after(this.#intervalMs, this.#beat);
  }
}
