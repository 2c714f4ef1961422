import type { Offset } from '@ws/types';
import type { Timer } from '../clock.ts';
import type { TimerWheel } from '../timer-wheel.ts';

interface Waiter {
  readonly offset: Offset;
  readonly settle: (confirmed: boolean) => void;
  readonly timer: Timer;
}

/** How far a user has acknowledged the stream on this node, and who waits for more. */
export class Confirmations {
  readonly #wheel: TimerWheel;
  #delivered: Offset = 0;
  #waiters: Waiter[] = [];

  constructor(wheel: TimerWheel) {
    this.#wheel = wheel;
  }

  /** Highest offset that a connection of the user acknowledged as processed. */
  get deliveredOffset(): Offset {
    return this.#delivered;
  }

  get waiting(): boolean {
    return this.#waiters.length > 0;
  }

  /** A connection acknowledged everything up to here. */
  acknowledged(offset: Offset): void {
    if (offset <= this.#delivered) return;
    this.#delivered = offset;
    if (this.#waiters.length === 0) return;
    const met = this.#waiters.filter((waiter) => waiter.offset <= offset);
    this.#waiters = this.#waiters.filter((waiter) => waiter.offset > offset);
    for (const waiter of met) {
      waiter.timer.cancel();
      waiter.settle(true);
    }
  }

  /** Resolves to true once a connection acknowledged `offset`, to false if none did within `timeoutMs`. */
  wait(offset: Offset, timeoutMs: number): Promise<boolean> {
    if (offset <= this.#delivered) return Promise.resolve(true);
    return new Promise((settle) => {
      const timer = this.#wheel.after(timeoutMs, () => {
        this.#waiters = this.#waiters.filter((waiter) => waiter.settle !== settle);
        settle(false);
      });
      this.#waiters.push({ offset, settle, timer });
    });
  }

  /** The numbering began again: nothing of it was acknowledged, and the old one cannot be waited for. */
  reset(): void {
    this.#delivered = 0;
    for (const waiter of this.#waiters) {
      waiter.timer.cancel();
      waiter.settle(false);
    }
    this.#waiters = [];
  }
}
