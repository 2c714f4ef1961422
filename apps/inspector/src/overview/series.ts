import type { Sample } from '../api/server-state.ts';

/** A value over time. */
export interface Point {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

type Numbers = Exclude<keyof Sample, 'at'>;

/** What a sample says, over time. */
export function levels(samples: readonly Sample[], name: Numbers): readonly Point[] {
  return samples.map((sample) => ({ at: sample.at, value: sample[name] }));
}

/** Two samples that are closer than this say nothing about a rate. */
const MIN_SPAN_MS = 900;

/** How much a counter grew per second from one sample to the next. A counter that fell back (a restart) begins again. */
export function rates(samples: readonly Sample[], name: Numbers): readonly Point[] {
  const points: Point[] = [];
  let before = samples[0];
  for (const sample of samples.slice(1)) {
    if (before !== undefined && sample.at - before.at < MIN_SPAN_MS) continue;
    const grown = before === undefined ? 0 : Math.max(0, sample[name] - before[name]);
    const seconds = before === undefined ? 1 : (sample.at - before.at) / 1_000;
    points.push({ at: sample.at, value: grown / seconds });
    before = sample;
  }
  return points;
}
