import type { Clock } from '../clock.ts';
import type { ClockStep, ClockWatch } from '../clock-watch.ts';
import type { RunLease, RunLeases } from '../log/event-log.ts';
import { RunMap } from './run-map.ts';

/** Lapsed leases dealt with at once. */
const SWEEP_LIMIT = 100;
/** Leases looked at in a sweep after the clock was set back: the living ones are among them. */
const LOOK_AGAIN_LIMIT = 10_000;
/** For how many lives of the longest lease: one is needed, the rest is for a log that is away meanwhile. */
const LOOK_AGAIN_LIVES = 3;

export interface LapsedLeasesOptions {
  readonly leases: RunLeases;
  readonly clock: Clock;
  readonly watch: ClockWatch;
  /** Life of the longest lease, in milliseconds. */
  readonly longestMs: number;
}

interface Doubtful {
  readonly expiresAt: number;
  /** When it was first seen like this, on the monotonic clock. */
  readonly since: number;
}

/**
 * Tells which leases in the log have really lapsed. A lease is a moment on the wall clock of the process that wrote it. It is
 * believed where it lapsed since the last sweep, on a clock that was not set meanwhile. A lease that was over before the last sweep
 * and not seen by it was written by a clock that is behind, and after a step every lease is in doubt. Such a lease counts as lapsed
 * when it was not renewed for as long as the longest lease lives, by the monotonic clock of this process.
 */
export class LapsedLeases {
  readonly #options: LapsedLeasesOptions;
  #doubtful = new RunMap<Doubtful>();
  /** Wall clock of the last complete sweep. */
  #sweptAt = -Infinity;
  #stepsThen: number;
  /** What the wall clock wrote before it was set back: leases up to this moment, looked for until then on the monotonic clock. */
  #former = { end: -Infinity, until: -Infinity };

  constructor(options: LapsedLeasesOptions) {
    this.#options = options;
    this.#stepsThen = options.watch.steps;
  }

  clockStepped({ ms }: ClockStep): void {
    const { clock, longestMs } = this.#options;
    if (ms >= 0) return;
    const end = Math.max(this.#former.end, clock.now() - ms + longestMs);
    this.#former = { end, until: clock.monotonic() + LOOK_AGAIN_LIVES * longestMs };
  }

  /** Those whose runs have to end. Call {@link swept} when they were dealt with. */
  async find(now: number): Promise<readonly RunLease[]> {
    const { leases, clock, watch, longestMs } = this.#options;
    const believedFrom = watch.steps === this.#stepsThen ? this.#sweptAt : Infinity;
    const isAfterSetBack = this.#former.end > now && this.#former.until > clock.monotonic();
    const found = await leases.expired(
      isAfterSetBack ? this.#former.end : now,
      isAfterSetBack ? LOOK_AGAIN_LIMIT : SWEEP_LIMIT + this.#doubtful.size,
    );
    const seenAt = clock.monotonic();
    const doubtful = new RunMap<Doubtful>();
    const lapsed = found.filter(({ stream, runId, expiresAt }) => {
      if (expiresAt > believedFrom && expiresAt <= now) return true;
      const known = this.#doubtful.get(stream, runId);
      const entry = known?.expiresAt === expiresAt ? known : { expiresAt, since: seenAt };
      doubtful.set(stream, runId, entry);
      return seenAt - entry.since >= longestMs;
    });
    this.#doubtful = doubtful;
    return lapsed.slice(0, SWEEP_LIMIT);
  }

  /** The leases that {@link find} returned at `now` were dealt with; the next sweep begins behind them. */
  swept(now: number, count: number): void {
    // With so many there may be more that lapsed before.
    if (count >= SWEEP_LIMIT) return;
    this.#sweptAt = now;
    this.#stepsThen = this.#options.watch.steps;
  }

  /** The run could not be ended: the next sweep tries again. */
  failed({ stream, runId, expiresAt }: RunLease): void {
    this.#doubtful.set(stream, runId, { expiresAt, since: -Infinity });
  }
}
