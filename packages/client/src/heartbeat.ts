import type { Clock, Timer } from './clock.ts';

/** Longest wait for a sign of life after the page was shown or the network came back, in milliseconds. */
const PROBE_MS = 5_000;

/**
 * Finds out whether the server is still there. Pings of the WebSocket protocol can't be seen by a page, so after one silent
 * interval the client asks with a `ping` frame, and after a second one the connection is dead. The ping comes first even where
 * a timer fired late: a page in the background is throttled, and its connection may be well. A client that hears much and has nothing to
 * say speaks as well, once an interval: the server's own pings wait behind what a slow link has to carry.
 */
export class Heartbeat {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #ping: () => void;
  readonly #dead: () => void;
  #timer: Timer;
  #heardAt = 0;
  #saidAt: number;
  /** The same by the wall clock, which goes on while the machine sleeps. */
  #heardAtWall = 0;
  #awaitingPong = false;

  constructor(clock: Clock, intervalMs: number, ping: () => void, dead: () => void) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#ping = ping;
    this.#dead = dead;
    this.heard();
    this.#saidAt = this.#heardAt;
    this.#timer = clock.after(intervalMs, this.#check);
  }

  /** Anything arrived. */
  heard(): void {
    this.#heardAt = this.#clock.monotonic();
    this.#heardAtWall = this.#clock.now();
    this.#awaitingPong = false;
  }

  /** Something was sent. */
  said(): void {
    this.#saidAt = this.#clock.monotonic();
  }

  /** Asks now, with little patience, unless something was heard a moment ago. */
  probe(): void {
    const sinceWall = Math.abs(this.#clock.now() - this.#heardAtWall);
    if (this.#awaitingPong || Math.max(this.#silentMs, sinceWall) < PROBE_MS) return;
    this.#ask(Math.min(PROBE_MS, this.#intervalMs));
  }

  stop(): void {
    this.#timer.cancel();
  }

  get #silentMs(): number {
    return this.#clock.monotonic() - this.#heardAt;
  }

  /** Time since something was sent. */
  get #quietMs(): number {
    return this.#clock.monotonic() - this.#saidAt;
  }

  readonly #check = (): void => {
    if (this.#awaitingPong) return this.#dead();
    const silentMs = this.#silentMs;
    if (silentMs >= this.#intervalMs) return this.#ask(this.#intervalMs);
    if (this.#quietMs >= this.#intervalMs) {
      this.said();
      this.#ping();
    }
    this.#timer = this.#clock.after(this.#intervalMs - Math.max(silentMs, this.#quietMs), this.#check);
  };

  #ask(patienceMs: number): void {
    this.#timer.cancel();
    this.#awaitingPong = true;
    this.#timer = this.#clock.after(patienceMs, this.#check);
    this.#ping();
  }
}
