// The clock that all processes of a machine share (CLOCK_MONOTONIC), read without a big number each time.
const base = Number(process.hrtime.bigint() / 1_000n) - performance.now() * 1_000;

/** Microseconds on the clock that all Node processes of this machine share. */
export function monotonicMicros(): number {
  return base + performance.now() * 1_000;
}
