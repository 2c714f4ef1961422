import { getHeapStatistics } from 'node:v8';
import type { Clock, Timer } from '../clock.ts';

/** From where on load is high, and from where on it is normal again. */
export interface LoadLimits {
  /** Event-loop lag, in milliseconds. */
  readonly lagMs: number;
  /** Share of the heap limit in use, 0 to 1. */
  readonly heapShare: number;
}

export interface LoadMonitorOptions {
  readonly clock: Clock;
  readonly limits: LoadLimits;
  /** Share of the heap limit in use now. */
  readonly heapShare: () => number;
  /** Called with each sample. */
  readonly onSample?: () => void;
  readonly onHigh: (reason: string) => void;
  readonly onNormal: (reason: string) => void;
}

const SAMPLE_MS = 500;
/** Samples in a row over a limit before load counts as high: one long task is no emergency. */
const HIGH_SAMPLES = 2;
/** Samples in a row under {@link CALM_SHARE} of the limits before it counts as normal. */
const NORMAL_SAMPLES = 6;
const CALM_SHARE = 0.8;
/**
 * Shares of the limits from which on load is {@link LoadMonitor.strained}: of that of lag, and of that of memory, of which much is in
 * use always.
 */
const STRAINED_LAG = 0.5;
const STRAINED_HEAP = 0.95;

/** Watches event-loop lag and memory, and says when they cross their limits: up fast, down slowly. */
export class LoadMonitor {
  readonly #options: LoadMonitorOptions;
  #timer: Timer | undefined;
  #high = false;
  #strainedSamples = 0;
  #streak = 0;

  constructor(options: LoadMonitorOptions) {
    this.#options = options;
    this.#plan();
  }

  /** Whether load is on its way to the limits: so it was in the last samples. */
  get strained(): boolean {
    return this.#strainedSamples >= HIGH_SAMPLES;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #plan(): void {
    const { clock } = this.#options;
    const due = clock.monotonic() + SAMPLE_MS;
    this.#timer = clock.after(SAMPLE_MS, () => {
      // How late the timer is tells how long the event loop was busy.
      this.#sample(Math.max(0, clock.monotonic() - due), this.#options.heapShare());
      this.#options.onSample?.();
      this.#plan();
    });
  }

  #sample(lagMs: number, heapShare: number): void {
    const { limits, onHigh, onNormal } = this.#options;
    const isStrained = lagMs > limits.lagMs * STRAINED_LAG || heapShare > limits.heapShare * STRAINED_HEAP;
    this.#strainedSamples = isStrained ? this.#strainedSamples + 1 : 0;
    const share = this.#high ? CALM_SHARE : 1;
    const isOver = lagMs > limits.lagMs * share || heapShare > limits.heapShare * share;
    this.#streak = isOver === this.#high ? 0 : this.#streak + 1;
    if (this.#streak < (this.#high ? NORMAL_SAMPLES : HIGH_SAMPLES)) return;
    this.#streak = 0;
    this.#high = isOver;
    if (isOver) onHigh(describe(lagMs, heapShare, limits));
    else onNormal('load is back to normal');
  }
}

function describe(lagMs: number, heapShare: number, limits: LoadLimits): string {
  if (heapShare > limits.heapShare) return `memory: ${Math.round(heapShare * 100)} % of the heap limit in use`;
  return `the event loop is ${Math.round(lagMs)} ms behind`;
}

/** Share of V8's heap limit that is in use. */
export function systemHeapShare(): number {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  return used_heap_size / heap_size_limit;
}
