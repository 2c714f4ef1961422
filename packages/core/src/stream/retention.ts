import type { Offset } from '@ws/types';
import type { ClockWatch } from '../clock-watch.ts';
import type { EventLog, LogEvent, NewLogEvent, RetentionPolicy } from '../log/event-log.ts';
import type { StreamKey } from '../stream-key.ts';
import { CheckpointFold, decodeCheckpoint, EMPTY_CHECKPOINT, encodeCheckpoint, type Checkpoint } from './checkpoint.ts';

/** Appends between two looks at what may go. */
const CHECK_EVERY = 256;
/** The same in characters, as a share of the bytes that are kept: large events must not pile up until there are many of them. */
const CHECK_SHARE = 1 / 8;
/** Events between two checkpoints of one trim, and those of a page. */
const PAGE = 500;
const SHORT_PAGE = 32;

/**
 * Lets go of what a stream no longer needs to keep, and folds the runs that are still open into a checkpoint first, so that a
 * client which is told `reset` gets them as snapshots.
 */
export class Retention {
  readonly #key: StreamKey;
  readonly #log: EventLog;
  readonly #watch: Pick<ClockWatch, 'cautiousNow'>;
  readonly #policy: RetentionPolicy;
  #checkpoint: Checkpoint = EMPTY_CHECKPOINT;
  #sinceCheck = 0;
  #charsSinceCheck = 0;
  #trimming: Promise<void> | undefined;

  constructor(key: StreamKey, log: EventLog, watch: Pick<ClockWatch, 'cautiousNow'>, policy: RetentionPolicy) {
    this.#key = key;
    this.#log = log;
    this.#watch = watch;
    this.#policy = policy;
  }

  /** The fold of everything that was let go. */
  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  restore(checkpoint: Checkpoint, oldest: Offset): void {
    this.#checkpoint = { ...checkpoint, offset: oldest - 1 };
  }

  /** Takes over what another process has let go of since. */
  async catchUp(): Promise<void> {
    const { oldest, checkpoint } = await this.#log.head(this.#key);
    if (oldest - 1 <= this.#checkpoint.offset) return;
    this.restore(checkpoint === undefined ? EMPTY_CHECKPOINT : decodeCheckpoint(checkpoint), oldest);
  }

  /** Counts appends and trims now and then, beside them: no append waits for it. */
  appended(events: readonly NewLogEvent[], onError: (error: unknown) => void): void {
    const { maxEvents, maxBytes } = this.#policy;
    this.#sinceCheck += events.length;
    for (const { data } of events) this.#charsSinceCheck += data.length;
    const isDue =
      this.#sinceCheck >= Math.min(CHECK_EVERY, maxEvents) || this.#charsSinceCheck >= maxBytes * CHECK_SHARE;
    if (!isDue || this.#trimming !== undefined) return;
    this.#sinceCheck = 0;
    this.#charsSinceCheck = 0;
    this.trim().catch(onError);
  }

  /** Whether an event of this time, in milliseconds since 1970, is too old to be kept. */
  isOver(timestamp: number): boolean {
    return timestamp <= this.#now() - this.#policy.maxAgeMs;
  }

  /** Trims what the policy lets go. */
  trim(): Promise<void> {
    this.#trimming ??= this.#trim().finally(() => {
      this.#trimming = undefined;
    });
    return this.#trimming;
  }

  /** Nothing goes early because the clock was set forward. */
  #now(): number {
    return this.#watch.cautiousNow(this.#policy.maxAgeMs);
  }

  async #trim(): Promise<void> {
    await this.catchUp();
    const upTo = await this.#log.trimmable(this.#key, this.#policy, this.#now());
    while (this.#checkpoint.offset < upTo) {
      const next = await this.#fold(upTo);
      if (next === undefined) return;
      await this.#log.trim(this.#key, next.offset, encodeCheckpoint(next));
      this.#checkpoint = next;
    }
  }

  /** The checkpoint advanced towards `upTo`; `undefined` where events are missing, because another process was faster. */
  async #fold(upTo: Offset): Promise<Checkpoint | undefined> {
    const fold = new CheckpointFold(this.#checkpoint);
    // A log in memory makes the events of a page for it. Those of a short one are garbage before the next.
    const limit = this.#log.appendNow === undefined ? PAGE : SHORT_PAGE;
    let folded = 0;
    while (fold.offset < upTo && folded < PAGE) {
      const read = this.#log.read(this.#key, fold.offset, limit);
      const page = read instanceof Promise ? await read : read;
      const events = page.events.filter((event: LogEvent) => event.offset <= upTo);
      const first = events[0];
      // A gap: another process was faster by now, and its checkpoint holds what is missing here.
      if (first === undefined || (first.prev ?? first.offset - 1) > fold.offset) {
        return fold.offset > this.#checkpoint.offset ? fold.finish() : undefined;
      }
      fold.take(events);
      folded += events.length;
    }
    return fold.finish();
  }
}
