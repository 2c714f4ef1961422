import type { Clock, Timer } from './clock.ts';

/**
 * One timer for all coarse deadlines of a hub: heartbeats, hello, expiry, idle streams. Ten thousand connections keep one
 * operating-system timer, not ten thousand. A task runs at most one tick late and never early, by the monotonic clock. Where the process
 * stood still, what has arrived meanwhile is read before a deadline is judged: the tick leaves that turn of the event loop to it.
 */
export class TimerWheel {
  readonly #clock: Clock;
  readonly #tickMs: number;
  readonly #slots = new Map<number, Set<WheelTimer>>();
  #timer: Timer | undefined;

  constructor(clock: Clock, tickMs = 250) {
    this.#clock = clock;
    this.#tickMs = tickMs;
  }

  /** Runs `task` once, `ms` milliseconds from now, rounded up to the tick. */
  after(ms: number, task: () => void): Timer {
    const slot = Math.ceil((this.#clock.monotonic() + ms) / this.#tickMs);
    let entries = this.#slots.get(slot);
    if (entries === undefined) {
      entries = new Set();
      this.#slots.set(slot, entries);
    }
    const timer = new WheelTimer(entries, task);
    entries.add(timer);
    this.#timer ??= this.#arm();
    return timer;
  }

  /** Calls everything off. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#slots.clear();
  }

  #arm(): Timer {
    const now = this.#clock.monotonic();
    const next = (Math.floor(now / this.#tickMs) + 1) * this.#tickMs;
    return this.#clock.after(next - now, () => this.#reached(next));
  }

  #reached(planned: number): void {
    if (this.#clock.monotonic() - planned < this.#tickMs) {
      this.#tick();
      return;
    }
    const afterInput: Timer = { cancel: () => undefined };
    this.#timer = afterInput;
    this.#clock.soon(() => {
      if (this.#timer === afterInput) this.#tick();
    });
  }

  #tick(): void {
    this.#timer = undefined;
    const due = Math.floor(this.#clock.monotonic() / this.#tickMs);
    // Slots are few (one a tick of the longest deadline), and a late tick may have several behind it.
    const ready = [...this.#slots.keys()].filter((slot) => slot <= due).sort((a, b) => a - b);
    for (const slot of ready) {
      const entries = this.#slots.get(slot);
      this.#slots.delete(slot);
      if (entries !== undefined) for (const entry of entries) runAlone(entry.task);
    }
    if (this.#slots.size > 0) this.#timer ??= this.#arm();
  }
}

/** A task that throws is a fault of the program, told as one, and none of the tasks behind it. */
function runAlone(task: () => void): void {
  try {
    task();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

class WheelTimer implements Timer {
  readonly #slot: Set<WheelTimer>;
  readonly task: () => void;

  constructor(slot: Set<WheelTimer>, task: () => void) {
    this.#slot = slot;
    this.task = task;
  }

  cancel(): void {
    this.#slot.delete(this);
  }
}
