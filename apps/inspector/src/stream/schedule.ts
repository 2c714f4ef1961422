import type { NumberedEvent } from '@ws/types';

/** A pause between two events is shown for no longer than this when pauses are skipped, in milliseconds. */
const SHORT_PAUSE_MS = 1_000;

/** When each event is shown in a replay. */
export interface Schedule {
  /** Milliseconds from the beginning of the replay, one for each event, never falling. */
  readonly times: readonly number[];
  /** Length of the replay, in milliseconds. */
  readonly length: number;
}

/** Lays events out in time, as they were or with short pauses. A clock that was set back is a pause of nothing. */
export function scheduleOf(events: readonly NumberedEvent[], skipPauses: boolean): Schedule {
  const longest = skipPauses ? SHORT_PAUSE_MS : Infinity;
  let at = 0;
  const times = events.map(({ timestamp }, index) => {
    const pause = timestamp - (events[index - 1]?.timestamp ?? timestamp);
    at += Math.min(longest, Math.max(0, pause));
    return at;
  });
  return { times, length: at };
}

/** How many events have been shown at a time of the replay. */
export function shownAt({ times }: Schedule, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
