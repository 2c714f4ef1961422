import type { Clock, Timer } from '../clock.ts';
import type { TimerWheel } from '../hub/timer-wheel.ts';
import type { ConnectionSocket } from './connection-socket.ts';

/** Pings a peer every interval, and tells when nothing was heard of it for two. */
export class Heartbeat {
  readonly #socket: ConnectionSocket;
  readonly #clock: Clock;
  readonly #wheel: TimerWheel;
  readonly #intervalMs: number;
  readonly #onSilence: () => void;
  readonly #beat = (): void => this.#check();
  #heardAt: number;
  #timer: Timer;

  constructor(socket: ConnectionSocket, clock: Clock, wheel: TimerWheel, intervalMs: number, onSilence: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#wheel = wheel;
    this.#intervalMs = intervalMs;
    this.#onSilence = onSilence;
    this.#heardAt = clock.now();
    this.#timer = wheel.after(intervalMs, this.#beat);
  }

  /** Something arrived: the peer is there. */
  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #check(): void {
    if (this.#clock.now() - this.#heardAt >= 2 * this.#intervalMs) {
      this.#onSilence();
      return;
    }
    this.#socket.ping();
    this.#timer = this.#wheel.after(this.#intervalMs, this.#beat);
  }
}
