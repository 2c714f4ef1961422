import { isDeltaEvent, WebSocketError, type StreamPosition } from '@ws/types';
import type { LogEvent, MaybePromise } from '../log/event-log.ts';
import { changesRuns } from '../run/apply-run-event.ts';
import { reservedBy } from '../run/reserved-ids.ts';
import type { RunTable } from '../run/run-table.ts';
import type { StreamKey } from '../stream-key.ts';
import { EMPTY_CHECKPOINT } from './checkpoint.ts';
import type { FanOut } from './fan-out.ts';
import { loadStream, type LoadedStream } from './load-stream.ts';
import type { Retention } from './retention.ts';
import type { StreamServices } from './stream-services.ts';

/** What the follower needs of its stream. */
export interface FollowedStream {
  readonly key: StreamKey;
  readonly fanOut: FanOut;
  /** The stream is in memory, with these runs. */
  loaded(runs: RunTable): void;
  /** An event came that changes a run. */
  runChanged(event: LogEvent): void;
  /** The log and this process have parted: nothing that was known holds any more. */
  parted(): void;
  /** Nobody waits for the log any more. */
  settled(): void;
}

/** Pages read in a row when there are missed notifications to make up for. */
const REFRESH_PAGE = 500;

/**
 * Keeps what is known of a stream level with its log: loads it, takes what was appended here and elsewhere, and reads up where
 * a notification was missed.
 */
export class LogFollower {
  readonly #stream: FollowedStream;
  readonly #retention: Retention;
  readonly #services: StreamServices;
  #loaded: LoadedStream | undefined;
  #loading: Promise<void> | undefined;
  #refreshing: Promise<void> | undefined;
  #refreshingNext: Promise<void> | undefined;
  #unsubscribe: (() => void) | undefined;
  /** Callers that wait for the log and go on with the stream afterwards. */
  #visits = 0;
  /** The newest event heard of while the stream was not in memory yet. */
  #heardOf: StreamPosition | undefined;

  constructor(stream: FollowedStream, retention: Retention, services: StreamServices) {
    this.#stream = stream;
    this.#retention = retention;
    this.#services = services;
  }

  /** What is known, or `undefined` while the stream is not in memory. */
  get loaded(): LoadedStream | undefined {
    return this.#loaded;
  }

  /** What is known. Throws `INTERNAL` while the stream is not in memory. */
  get state(): LoadedStream {
    if (this.#loaded === undefined) throw new WebSocketError('INTERNAL', `stream ${this.#stream.key} is not in memory`);
    return this.#loaded;
  }

  /** Whether somebody waits for the log. */
  get busy(): boolean {
    return this.#loading !== undefined || this.#visits > 0;
  }

  /** Brings the stream into memory; answers at once when it is. */
  load(): MaybePromise<void> {
    if (this.#loaded !== undefined) return undefined;
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined;
      this.#stream.settled();
    });
    return this.#loading;
  }

  /** Goes back to the log for events this process has not heard of: sees all that was appended before the call. */
  refresh(): Promise<void> {
    const running = this.#refreshing;
    if (running === undefined) return this.#startRefresh();
    // The one that is running may have looked too early for this caller.
    this.#refreshingNext ??= running
      .catch(() => undefined)
      .then(() => {
        this.#refreshingNext = undefined;
        return this.#refreshing ?? this.#startRefresh();
      });
    return this.#refreshingNext;
  }

  /** Waits for the log on behalf of somebody who goes on with the stream afterwards: it stays in memory meanwhile. */
  async visit<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#visits += 1;
    try {
      return await work();
    } finally {
      this.#visits -= 1;
      this.#stream.settled();
    }
  }

  /** Events that are in the log, from this process or another: the one way anything gets into the stream. */
  take(epoch: string, events: readonly LogEvent[]): void {
    const state = this.#loaded;
    const last = events.at(-1);
    if (last === undefined) return;
    if (state === undefined) {
      this.#heardOf = { epoch, offset: last.offset };
      return;
    }
    if (epoch !== state.epoch) {
      this.#stream.parted();
      return;
    }
    const { fanOut } = this.#stream;
    let urgent = false;
    for (const event of events) {
      if (event.offset <= state.head) continue;
      if ((event.prev ?? event.offset - 1) > state.head) {
        this.refresh().catch(this.#services.options.onError);
        break;
      }
      state.head = event.offset;
      fanOut.push(event);
      if (!isDeltaEvent(event.type)) urgent = true;
      const reserved = reservedBy(event);
      if (reserved !== undefined) state.runs.reserve(reserved);
      if (changesRuns(event.type)) this.#stream.runChanged(event);
    }
    fanOut.planDelivery(urgent);
  }

  /** Stops following and forgets what is known. */
  leave(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#loaded = undefined;
  }

  async #load(): Promise<void> {
    const { key, fanOut } = this.#stream;
    const { log } = this.#services;
    this.#unsubscribe ??= log.subscribe(key, (epoch, events) => this.take(epoch, events));
    const loaded = await loadStream(log, key);
    this.#retention.restore(loaded.checkpoint ?? EMPTY_CHECKPOINT, loaded.oldest);
    if (loaded.oldestAt !== undefined && this.#retention.isOver(loaded.oldestAt)) await this.#letGo();
    fanOut.clear(loaded.head);
    this.#loaded = loaded;
    this.#stream.loaded(loaded.runs);
    // Read here and not by `refresh`, which may be what this load is for.
    const heardOf = this.#heardOf;
    if (heardOf?.epoch !== loaded.epoch || heardOf.offset <= loaded.head) return;
    if (await this.#readToHead(loaded)) return;
    if (this.#loaded === loaded) this.#stream.parted();
    throw new WebSocketError('LOG_UNAVAILABLE', `stream ${key} was numbered again while it was read: try again`);
  }

  /** Nobody has looked at this stream for long: what is too old goes before anybody is given a position in it. */
  async #letGo(): Promise<void> {
    try {
      await this.#retention.trim();
    } catch (error) {
      if (!this.#services.breaker.isOutage(error)) throw error;
    }
  }

  #startRefresh(): Promise<void> {
    const running = this.visit(() => this.#refresh()).finally(() => {
      this.#refreshing = undefined;
    });
    this.#refreshing = running;
    return running;
  }

  async #refresh(): Promise<void> {
    const known = this.#loaded;
    if (known !== undefined) {
      if (await this.#readToHead(known)) return;
      if (this.#loaded === known) this.#stream.parted();
    }
    await this.load();
  }

  /** Takes what the log has after `known`; false if that and the log don't belong together any more. */
  async #readToHead(known: LoadedStream): Promise<boolean> {
    const { key } = this.#stream;
    const { log } = this.#services;
    for (;;) {
      const page = await log.read(key, known.head, REFRESH_PAGE);
      const first = page.events[0];
      if (this.#loaded !== known || page.epoch !== known.epoch) return false;
      if (first === undefined) {
        const { epoch, oldest, head } = await log.head(key);
        if (this.#loaded !== known || epoch !== known.epoch || oldest > known.head + 1) return false;
        if (head <= known.head) return true;
      } else if ((first.prev ?? first.offset - 1) > known.head) {
        // Retention was faster than the news: what lies between can't be made up for.
        return false;
      } else {
        this.take(page.epoch, page.events);
      }
    }
  }
}
