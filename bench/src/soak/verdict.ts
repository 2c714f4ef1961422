import { round, slope, type Sample } from './samples.ts';
import type { SoakOptions } from './options.ts';
import { RUN_EVENTS } from './script.ts';
import type { Tally } from './tally.ts';
import type { User } from './user.ts';

/** Samples taken right after the server collected its garbage. */
export interface Marks {
  /** Everybody is connected, and has been for a while. */
  readonly plateau: Sample;
  readonly middle: Sample;
  /** The end of the load, everybody still connected. */
  readonly end: Sample;
  /** Everybody has left, and the server had time to notice. */
  readonly settled: Sample;
}

export interface Verdict {
  readonly heapGrowthMb: number;
  /** From the middle on: resident memory follows the most that was ever in use at a time, and V8 and malloc keep it. */
  readonly rssGrowthMb: number;
  /** What the memory log gained by design since the plateau began; it is not counted as growth. */
  readonly logGrowthMb: number;
  /** Under load, over the second half, when tails of connected streams have had time to fill. */
  readonly heapSlopeMbPerMinute: number;
  readonly rssSlopeMbPerMinute: number;
  readonly failures: readonly string[];
}

const ALLOWED_GROWTH_MB = 50;
/** What the memory log holds of an event: its text, the object, its ids, its place in an index. Measured. */
const LOG_EVENT_BYTES = 500;
/** Retention of one stream, the server's default. */
const MAX_STREAM_BYTES = 16 * 1_048_576;

/** Judges a soak run: nothing lost or wrong, and nothing kept once everybody has left. */
export function judge({ plateau, middle, end, settled }: Marks, tally: Tally): Verdict {
  const logGrowthMb = round(settled.logMb - plateau.logMb);
  const heapGrowthMb = round(settled.heapMb - plateau.heapMb - logGrowthMb);
  const rssGrowthMb = round(settled.rssMb - middle.rssMb - (settled.logMb - middle.logMb));
  const failures: string[] = [];
  if (tally.violations > 0) failures.push(`${tally.violations} violations of the protocol`);
  if (heapGrowthMb > ALLOWED_GROWTH_MB) failures.push(`the heap grew by ${heapGrowthMb} MB`);
  if (rssGrowthMb > ALLOWED_GROWTH_MB) failures.push(`the resident memory grew by ${rssGrowthMb} MB`);
  if (settled.connections > 0) failures.push(`${settled.connections} connections were never let go`);
  if (settled.streams > 0) failures.push(`${settled.streams} streams were never let go`);
  return {
    heapGrowthMb,
    rssGrowthMb,
    logGrowthMb,
    heapSlopeMbPerMinute: slope(middle, end, 'heapMb'),
    rssSlopeMbPerMinute: slope(middle, end, 'rssMb'),
    failures,
  };
}

/** What the server's log keeps in memory by design, estimated: its events stay for days. A log on disk keeps nothing there. */
export function logMb(users: readonly User[], { log }: SoakOptions): number {
  if (log !== 'memory') return 0;
  let bytes = 0;
  for (const { accepted, heavy, persona } of users) {
    const results = heavy ? (accepted / RUN_EVENTS) * persona.resultChars : 0;
    bytes += accepted * LOG_EVENT_BYTES + Math.min(results, MAX_STREAM_BYTES);
  }
  return round(bytes / 1_048_576);
}
